# Libraries from Debian 12. scripts/install-dependencies names the packages.

find_package(Threads REQUIRED)

# Name resolution that works in a static executable.
find_path(CARES_INCLUDE_DIR ares.h REQUIRED)
find_library(CARES_LIBRARY NAMES libcares.a REQUIRED)
add_library(cares INTERFACE)
target_include_directories(cares SYSTEM INTERFACE ${CARES_INCLUDE_DIR})
target_compile_definitions(cares INTERFACE CARES_STATICLIB=1)
target_link_libraries(cares INTERFACE ${CARES_LIBRARY})

# RE2 ships no CMake package in Debian 12; the static library serves every build so that behaviour is the same in all.
find_path(RE2_INCLUDE_DIR re2/re2.h REQUIRED)
find_library(RE2_LIBRARY NAMES libre2.a REQUIRED)
add_library(re2 INTERFACE)
target_include_directories(re2 SYSTEM INTERFACE ${RE2_INCLUDE_DIR})
target_link_libraries(re2 INTERFACE ${RE2_LIBRARY} Threads::Threads)

find_library(MD_LIBRARY NAMES libmd.a REQUIRED)
add_library(md INTERFACE)
target_link_libraries(md INTERFACE ${MD_LIBRARY})

find_path(LZ4_INCLUDE_DIR lz4hc.h REQUIRED)
find_library(LZ4_LIBRARY NAMES liblz4.a REQUIRED)
add_library(lz4 INTERFACE)
target_include_directories(lz4 SYSTEM INTERFACE ${LZ4_INCLUDE_DIR})
target_link_libraries(lz4 INTERFACE ${LZ4_LIBRARY})

find_path(FMT_INCLUDE_DIR fmt/format-inl.h REQUIRED)
add_library(fmt STATIC ${PROJECT_SOURCE_DIR}/tools/cmake/fmt_library.cpp)
target_include_directories(fmt SYSTEM PUBLIC ${FMT_INCLUDE_DIR})
target_link_libraries(fmt PRIVATE launchgate_flags)

find_path(RAPIDJSON_INCLUDE_DIR rapidjson/reader.h REQUIRED)
add_library(rapidjson INTERFACE)
target_include_directories(rapidjson SYSTEM INTERFACE ${RAPIDJSON_INCLUDE_DIR})

find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
add_library(cli11 INTERFACE)
target_include_directories(cli11 SYSTEM INTERFACE ${CLI11_INCLUDE_DIR})

# libvalijson-dev depends on every JSON library it has an adapter for; scripts/install-dependencies unpacks its headers alone.
find_path(VALIJSON_INCLUDE_DIR valijson/validator.hpp
          HINTS ${PROJECT_SOURCE_DIR}/build/deps/valijson/usr/include REQUIRED)
add_library(valijson INTERFACE)
target_include_directories(valijson SYSTEM INTERFACE ${VALIJSON_INCLUDE_DIR})
target_compile_definitions(valijson INTERFACE VALIJSON_USE_EXCEPTIONS=1)

find_path(CMARK_INCLUDE_DIR cmark-gfm-core-extensions.h REQUIRED)
find_library(CMARK_LIBRARY NAMES libcmark-gfm.a REQUIRED)
find_library(CMARK_EXTENSIONS_LIBRARY NAMES libcmark-gfm-extensions.a REQUIRED)
add_library(cmark INTERFACE)
target_include_directories(cmark SYSTEM INTERFACE ${CMARK_INCLUDE_DIR})
target_link_libraries(cmark INTERFACE ${CMARK_EXTENSIONS_LIBRARY} ${CMARK_LIBRARY})
# Ed25519 and ECDSA. A static libcrypto would add 3.6 MB to an executable, because its EVP layer brings every algorithm; this adds 0.2 MB.
find_path(NETTLE_INCLUDE_DIR nettle/eddsa.h REQUIRED)
find_library(HOGWEED_LIBRARY NAMES libhogweed.a REQUIRED)
find_library(NETTLE_LIBRARY NAMES libnettle.a REQUIRED)
find_library(GMP_LIBRARY NAMES libgmp.a REQUIRED)
add_library(nettle INTERFACE)
target_include_directories(nettle SYSTEM INTERFACE ${NETTLE_INCLUDE_DIR})
target_link_libraries(nettle INTERFACE ${HOGWEED_LIBRARY} ${NETTLE_LIBRARY} ${GMP_LIBRARY})
# Header-only; included in one translation unit, because it is slow to compile.
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
add_library(tomlplusplus INTERFACE)
target_include_directories(tomlplusplus SYSTEM INTERFACE ${TOMLPLUSPLUS_INCLUDE_DIR})
# Static libraries in every build, so that development and release run the same code.
find_path(OPENSSL_INCLUDE_DIR openssl/ssl.h REQUIRED)
find_library(OPENSSL_SSL_LIBRARY NAMES libssl.a REQUIRED)
find_library(OPENSSL_CRYPTO_LIBRARY NAMES libcrypto.a REQUIRED)
add_library(openssl INTERFACE)
target_include_directories(openssl SYSTEM INTERFACE ${OPENSSL_INCLUDE_DIR})
target_link_libraries(openssl INTERFACE ${OPENSSL_SSL_LIBRARY} ${OPENSSL_CRYPTO_LIBRARY} Threads::Threads ${CMAKE_DL_LIBS})

find_path(ZLIB_INCLUDE_DIR zlib.h REQUIRED)
find_library(ZLIB_LIBRARY NAMES libz.a REQUIRED)
add_library(zlib INTERFACE)
target_include_directories(zlib SYSTEM INTERFACE ${ZLIB_INCLUDE_DIR})
target_link_libraries(zlib INTERFACE ${ZLIB_LIBRARY})

# Boost.Asio and Boost.Beast are headers alone.
find_path(BOOST_INCLUDE_DIR boost/beast/version.hpp REQUIRED)
add_library(boost INTERFACE)
target_include_directories(boost SYSTEM INTERFACE ${BOOST_INCLUDE_DIR})
target_compile_definitions(boost INTERFACE BOOST_ERROR_CODE_HEADER_ONLY BOOST_ASIO_NO_DEPRECATED)
# Asio's scheduler, inlined, makes GCC 12 see null pointers that are not there.
target_compile_options(boost INTERFACE -Wno-null-dereference)
target_link_libraries(boost INTERFACE Threads::Threads)
