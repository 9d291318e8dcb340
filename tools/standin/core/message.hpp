#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace launchgate::standin {

// What the stand-in looks at of a request.
struct Request {
  std::string method;
  std::string path;   // without the query, as sent
  std::string query;  // without "?"
  std::optional<std::string> authorization;
  std::optional<std::string> last_event_id;
  std::string accept;
  std::string host;
  bool has_origin = false;  // a browser's page asks
  bool keep_alive = true;
  std::string body;

  // The value of the query's first member of that name, as sent.
  std::optional<std::string_view> query_value(std::string_view name) const;
  // Emptied, keeping the memory.
  void clear();
};

struct Reply {
  int status = 200;
  std::string content_type;
  std::string headers;  // further ones, each with its CRLF
  std::string body;
  bool close = false;
};

std::string_view reason_phrase(int status);

}  // namespace launchgate::standin
