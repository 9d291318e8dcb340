#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/markdown/text_map.hpp"

namespace launchgate::markdown {

// What one pass over the lines tells before the parser runs.
struct Survey {
  // Offsets of lines, some kilobytes apart, at which every container block has ended: one that starts with a letter or `#` after a blank line, or
  // an item of a bullet list that is not indented. Only a fenced code block, an HTML block or that list can still be open there. A paragraph of
  // more than a megabyte is cut as well; emphasis across the cut is lost.
  std::vector<std::uint32_t> cuts;
  std::string definitions;      // lines that look like link reference definitions
  std::uint32_t definition_lines = 0;
  // The parser's work beyond its linear part, in nanoseconds of a slow machine, bounded from above; and where it passes the limit.
  std::uint64_t work = 0;
  std::size_t heaviest = 0;
};

// cmark-gfm 0.29.0.gfm.6 takes time that grows with the product of two quantities in a few places: open containers times lines; openings of
// declarations and processing instructions times the paragraph that follows; pictures' brackets times links; cells of a row squared; columns times
// rows, where it fills in the cells that a row lacks. Each was measured; the survey adds them up, in linear time, so that a text made to stall the
// parser, or to fill the memory between two cuts, is refused. Ordinary text stays orders of magnitude below the limit.
Survey survey(std::string_view text, std::size_t from, std::uint64_t limit);

}  // namespace launchgate::markdown
