#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace launchgate::suite_tool {

struct Route {
  std::string method;  // "GET"
  std::string path;    // "/parcels/{id}"
  std::string title;   // its summary; empty: none
};

struct OpenApi {
  std::string server;  // the first URL of http or https; empty: none
  std::vector<Route> routes;
};

// The routes of an OpenAPI document, in its order: JSON, or YAML as it is usually written, in block style. What cannot
// be read has no routes.
OpenApi read_openapi(const std::string& path, const std::string& text);

}  // namespace launchgate::suite_tool
