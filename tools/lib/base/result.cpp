#include "lib/base/result.hpp"

namespace launchgate::base {

std::string to_string(const Error& error) {
  std::string text = error.path;
  if (error.position.line > 0) {
    text += ':' + std::to_string(error.position.line) + ':' + std::to_string(error.position.column);
  }
  if (!text.empty()) text += ": ";
  text += error.message;
  if (!error.help.empty()) text += "; " + error.help;
  return text;
}

}  // namespace launchgate::base
