#include "load/core/catalogue_parts.hpp"

namespace launchgate::load {

namespace {

void read_check(ObjectReader& reader, const std::vector<Named>& series, Catalogue& out) {
  SoakCheckSpec spec;
  spec.check = reader.text("check");
  spec.title = reader.text("title");
  spec.grows = references(reader, "grows", series, "metric");
  spec.recurs = references(reader, "recurs", series, "metric");
  for (const Index one : spec.recurs) {
    if (!out.series[one].counter)
      reader.refuse("\"" + out.series[one].key + "\" is no counter, so nothing of it recurs");
  }
  reader.objects("exceeds", "excess", false, [&](ObjectReader& excess) {
    SoakCheckSpec::Excess one;
    if (const auto metric = excess.required("metric")) one.series = resolve(excess, *metric, series, "metric");
    const auto most = excess.value("most", JsonKind::number, true);
    one.most = most ? most->number() : 0;
    if (out.series[one.series].counter)
      excess.refuse("\"" + out.series[one.series].key + "\" is a counter, which exceeds nothing");
    spec.exceeds.push_back(one);
  });
  spec.beside_streams = reader.flag("besideStreams");
  spec.stale_streams = reader.flag("staleStreams");
  spec.unconcerned = references(reader, "unconcerned", out.operations, "operation");
  if (spec.grows.empty() && spec.recurs.empty() && spec.exceeds.empty() && !spec.stale_streams &&
      spec.unconcerned.empty())
    reader.refuse("\"" + spec.check +
                  "\" looks at nothing: give \"grows\", \"recurs\", \"exceeds\", \"staleStreams\" or \"unconcerned\"");
  out.soak.push_back(std::move(spec));
}

}  // namespace

void read_soak(ObjectReader& root, Catalogue& out) {
  std::vector<Named> series;
  for (const SeriesSpec& one : out.series) series.push_back({one.key});
  root.object("soak", "soak", false, [&](ObjectReader& soak) {
    if (const auto hours = soak.value("wavePeriodHours"); hours && hours->is(JsonKind::number) && hours->number() > 0)
      out.wave_period_hours = hours->number();
    soak.objects("checks", "check", false, [&](ObjectReader& reader) { read_check(reader, series, out); });
  });
}

}  // namespace launchgate::load
