#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launchgate/openapi.hpp"
#include "launchgate/survey.hpp"

namespace launchgate::suite_tool {

// What a product is asked for on the command line, and what its repository shows.
struct Product {
  std::string name;                // "parcels"; names the catalogue and the image
  std::vector<std::string> tiers;  // lowest first; the first is accepted in public
  std::vector<std::string> items;
  std::vector<std::string> commands;  // of the repository
  std::optional<OpenApi> api;
  std::vector<FoundDocument> documents;  // beside those that are written
};

struct ProductFile {
  std::string path;
  std::string text;
};

inline constexpr std::string_view product_folder = "launch";
inline constexpr std::string_view output_folder = ".launchgate/";

// Ladder, targets, matrix, record template, catalogue and configuration, each with a "$comment" where a person must
// decide.
std::vector<ProductFile> product_files(const Product& product);

}  // namespace launchgate::suite_tool
