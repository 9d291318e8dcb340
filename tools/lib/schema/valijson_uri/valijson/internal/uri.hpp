#pragma once

#include <string>

// Stands in for valijson's header of this name, whose std::regex adds 50 KB to every executable. The normaliser has
// resolved every reference before valijson's parser sees a schema, so that none of these decides anything.
namespace valijson::internal::uri {

inline bool isUriAbsolute(const std::string& uri) { return uri.find("://") != std::string::npos; }
inline bool isUrn(const std::string& uri) { return uri.starts_with("urn:") || uri.starts_with("URN:"); }
inline std::string resolveRelativeUri(const std::string& scope, const std::string& uri) { return scope + uri; }

}  // namespace valijson::internal::uri
