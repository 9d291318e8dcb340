#include "lib/secrets/locator.hpp"

#include <algorithm>

#include "lib/base/utf8.hpp"

namespace launchgate::secrets {

base::Position Locator::advance(std::string_view text, std::size_t offset) {
  const std::string_view passed = text.substr(offset_, offset - offset_);
  const auto lines = static_cast<std::uint32_t>(std::count(passed.begin(), passed.end(), '\n'));
  const std::size_t last = passed.rfind('\n');
  if (lines > 0) position_ = {position_.line + lines, 1};
  const std::string_view on_line = lines > 0 ? passed.substr(last + 1) : passed;
  position_.column += static_cast<std::uint32_t>(base::count_code_points(on_line));
  offset_ = offset;
  return position_;
}

}  // namespace launchgate::secrets
