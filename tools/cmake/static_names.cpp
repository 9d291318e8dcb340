// In a static executable glibc's functions for names of hosts and services, and dlopen, look for shared libraries of
// exactly its version at run time; the linker warns of each. OpenSSL and c-ares refer to them where these tools never
// come: names are resolved by c-ares itself, ports are numbers, and no module is loaded. With --wrap those references
// lead here, and find nothing.

#include <netdb.h>

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): the names are the linker's.
void* __wrap_dlopen(const char* /*file*/, int /*mode*/) { return nullptr; }

int __wrap_getaddrinfo(const char* /*name*/, const char* /*service*/, const addrinfo* /*hints*/,
                       addrinfo** /*result*/) {
  return EAI_FAIL;
}

int __wrap_getnameinfo(const sockaddr* /*address*/, socklen_t /*length*/, char* /*host*/, socklen_t /*host_size*/,
                       char* /*service*/, socklen_t /*service_size*/, int /*flags*/) {
  return EAI_FAIL;
}

hostent* __wrap_gethostbyname(const char* /*name*/) { return nullptr; }

servent* __wrap_getservbyname(const char* /*name*/, const char* /*protocol*/) { return nullptr; }

int __wrap_getservbyport_r(int /*port*/, const char* /*protocol*/, servent* /*entry*/, char* /*buffer*/,
                           size_t /*size*/, servent** result) {
  *result = nullptr;
  return 0;
}
// NOLINTEND(bugprone-reserved-identifier)

}  // extern "C"
