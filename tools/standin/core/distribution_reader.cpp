#include "standin/core/distribution_reader.hpp"

namespace launchgate::standin {

std::optional<Distribution> read_distribution(document::ObjectReader& reader) {
  static const std::vector<std::string> names = {"fixed", "uniform", "exponential", "lognormal"};
  const bool named = reader.has("distribution");
  const std::size_t name = reader.one_of("distribution", names, 0);
  const auto fixed = reader.optional_number("ms", 0, longest_draw_ms);
  const auto low = reader.optional_number("minMs", 0, longest_draw_ms);
  const auto high = reader.optional_number("maxMs", 0, longest_draw_ms);
  const auto mean = reader.optional_number("meanMs", 0, longest_draw_ms);
  const auto median = reader.optional_number("medianMs", 0, longest_draw_ms);
  const auto sigma = reader.optional_number("sigma", 0, 10);
  std::optional<Distribution> made;
  int kinds = 0;
  const auto offer = [&](Distribution one) {
    made = one;
    ++kinds;
  };
  if (fixed) offer(Fixed{*fixed});
  if (low || high) {
    if (!high || low.value_or(0) > *high)
      reader.refuse("a uniform distribution needs \"minMs\" and a \"maxMs\" that is not below it");
    offer(Uniform{low.value_or(0), high.value_or(0)});
  }
  if (mean) offer(Exponential{*mean});
  if (median || sigma) {
    if (!median || !sigma) reader.refuse("a lognormal distribution needs \"medianMs\" and \"sigma\"");
    offer(Lognormal{median.value_or(0), sigma.value_or(0)});
  }
  if (kinds > 1)
    reader.refuse("more than one distribution", "give ms, or minMs and maxMs, or meanMs, or medianMs and sigma");
  if (named && (!made || made->index() != name)) reader.refuse("\"distribution\" does not go with the figures given");
  return made;
}

}  // namespace launchgate::standin
