#include "load/page/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "lib/base/parallel.hpp"
#include "lib/document/json_document.hpp"
#include "load/core/timeline.hpp"

namespace launchgate::load {

namespace {

using document::JsonDocument;
using document::JsonKind;
using document::JsonValue;

constexpr std::size_t smallest_part = 1UL << 20;  // bytes that are worth a thread

double number_at(const JsonValue& object, std::string_view key) {
  const auto value = object.find(key);
  return value && value->is(JsonKind::number) ? value->number() : 0;
}

std::uint64_t natural_at(const JsonValue& object, std::string_view key) {
  const double value = number_at(object, key);
  return value > 0 && value < 1e18 ? static_cast<std::uint64_t>(value) : 0;
}

// Where everything goes; the same for all parts.
struct Layout {
  const RecoveredRun& header;
  const Catalogue& catalogue;
  std::size_t columns = 1;
  double column_seconds = 1;
  std::size_t small_columns = 1;
  double small_seconds = 1;
};

// The lines of a stretch of the journal.
class Part {
 public:
  Part(const Layout& layout, const std::string& path, std::string_view text)
      : layout_(layout),
        path_(path),
        text_(text),
        columns(layout.columns),
        response(layout.catalogue.categories.size()) {}

  void read() {
    while (!text_.empty()) {
      const std::size_t end = text_.find('\n');
      if (end == std::string_view::npos) {
        cut = true;
        return;
      }
      const std::string_view line = text_.substr(0, end);
      text_.remove_prefix(end + 1);
      const auto document = JsonDocument::parse_keeping_duplicates(path_, std::string(line));
      if (!document) {
        cut = true;
        return;
      }
      add(document->root());
      ++lines;
    }
  }

 private:
  static std::size_t place(double second, double width, std::size_t count) {
    const double at = std::round(second) - 1;
    return at <= 0 ? 0 : std::min(static_cast<std::size_t>(at / width), count - 1);
  }

  void add(const JsonValue& line) {
    // A line of a long run may stand for many seconds, and what a crash left of those is no more of them.
    const double end = number_at(line, "elapsedMs") / 1000;
    const double covered = std::max(1.0, number_at(line, "joined"));
    if (covered == 1 && end <= joined_until_) return;
    if (covered > 1) joined_until_ = end;
    const double second = covered > 1 ? end - covered / 2 : end;
    TimelineColumn& column = column_at(second);
    column.lines += static_cast<std::uint32_t>(covered);
    const double during = last_second_ < 0 ? covered : end - last_second_;
    std::uint64_t answered = 0;
    if (const auto tallies = line.find("operations"); tallies && tallies->is(JsonKind::object)) {
      for (const auto member : tallies->members())
        answered += add(column, member, place(second, layout_.small_seconds, layout_.small_columns));
    }
    // The last line may follow the one before at once.
    if (during > 0.2) column.rate.add(static_cast<double>(answered) / during);
    add_histogram(line, "lateness", {&column.lateness, &lateness});
    column.backlog.add(number_at(line, "backlog"));
    const double cpu = number_at(line, "cpuSeconds");
    if (last_second_ >= 0 && during > 0.2) column.cpu.add(std::max(0.0, cpu - last_cpu_) / during);
    last_cpu_ = cpu;
    last_second_ = end;
    if (const auto streams = line.find("streams")) {
      column.held.add(number_at(*streams, "heldNow"));
      column.reconnects = natural_at(*streams, "reconnects");
      column.stream_gaps = natural_at(*streams, "gaps");
      column.silent = natural_at(*streams, "silent");
    }
    add_metrics(column, line);
    if (const auto joined = line.find("timeline")) add_buckets(*joined);
  }

  TimelineColumn& column_at(double second) {
    TimelineColumn& column = columns[place(second, layout_.column_seconds, layout_.columns)];
    if (column.metrics.empty()) {
      column.response.resize(layout_.catalogue.categories.size());
      column.metrics.resize(layout_.catalogue.series.size());
    }
    return column;
  }

  // The metrics of a stretch whose seconds are joined: gauges with their largest, counters by what they grew.
  void add_buckets(const JsonValue& joined) {
    SoakTimeline stretch(layout_.catalogue, layout_.header.plan, layout_.header.settings);
    stretch.read(joined);
    has_joined_ = true;
    grown_.resize(layout_.catalogue.series.size());
    const auto width = static_cast<double>(stretch.bucket_seconds());
    for (const Bucket& bucket : stretch.buckets()) {
      TimelineColumn& column = column_at((static_cast<double>(bucket.index) + 0.5) * width);
      for (std::size_t track = 0; track < bucket.tracks.size(); ++track) {
        const TrackCell& cell = bucket.tracks[track];
        if (cell.samples == 0) continue;
        const Index series = stretch.tracks()[track].series;
        if (layout_.catalogue.series[series].counter) {
          grown_[series] += cell.sum;
          column.metrics[series].add(grown_[series]);
          continue;
        }
        column.metrics[series].add(cell.most);
        column.metrics[series].add(cell.sum / cell.samples);
      }
    }
  }

  std::uint64_t add(TimelineColumn& column, const JsonValue::Member& member, std::size_t small) {
    const auto operation = operation_of(member);
    if (!operation) return 0;
    const JsonValue& tally = member.value;
    const std::uint64_t count = natural_at(tally, "count");
    TimelineOperation::Small& cell = operation->columns[small];
    cell.count += count;
    cell.failures += natural_at(tally, "failures");
    if (const auto outcomes = tally.find("outcomes"); outcomes && outcomes->is(JsonKind::object)) {
      for (const auto outcome : outcomes->members()) {
        for (std::size_t i = 0; i < outcome_count; ++i) {
          if (outcome.name() == name(static_cast<Outcome>(i)))
            column.outcomes[i] +=
                static_cast<std::uint64_t>(std::max<std::int64_t>(0, outcome.value.integer().value_or(0)));
        }
      }
    }
    const Index category = category_[operation_index_];
    add_histogram(tally, "response", {&cell.response, &column.response[category], &response[category]});
    return count;
  }

  TimelineOperation* operation_of(const JsonValue::Member& member) {
    const std::string_view name = member.name();
    for (std::size_t tried = 0; tried < operations.size(); ++tried) {
      // Lines have their operations in the same order.
      operation_index_ = operation_index_ + 1 < operations.size() ? operation_index_ + 1 : 0;
      if (operations[operation_index_].name == name) return &operations[operation_index_];
    }
    const auto known = layout_.catalogue.operation(member.value.string_member("operation"));
    if (!known) return nullptr;
    TimelineOperation fresh;
    fresh.name = name;
    fresh.columns.resize(layout_.small_columns);
    operations.push_back(std::move(fresh));
    category_.push_back(layout_.catalogue.operations[*known].category);
    operation_index_ = operations.size() - 1;
    return &operations.back();
  }

  void add_histogram(const JsonValue& object, std::string_view key, std::initializer_list<Histogram*> to) {
    const auto value = object.find(key);
    const auto list = value ? value->find("h") : std::nullopt;
    if (!list || !list->is(JsonKind::array)) return;
    runs_.clear();
    for (const auto n : list->elements()) runs_.push_back(static_cast<std::uint64_t>(std::max(0.0, n.number())));
    const auto least = static_cast<std::int64_t>(natural_at(*value, "min"));
    const auto most = static_cast<std::int64_t>(natural_at(*value, "max"));
    const double sum = number_at(*value, "sum");
    for (Histogram* one : to) (void)one->add_sparse(runs_, least, most, sum);
  }

  // Over the targets of one moment, as the series says.
  void add_metrics(TimelineColumn& column, const JsonValue& line) {
    const auto scrapes = line.find("metrics");
    if (!scrapes || !scrapes->is(JsonKind::array)) return;
    std::map<Index, double> seen;
    for (const auto scrape : scrapes->elements()) {
      const auto values = scrape.find("values");
      if (!values) continue;
      for (Index series = 0; series < layout_.catalogue.series.size(); ++series) {
        const auto value = values->find(layout_.catalogue.series[series].key);
        if (!value || !value->is(JsonKind::number)) continue;
        const auto [place, first] = seen.emplace(series, value->number());
        if (first) continue;
        const SeriesSpec& spec = layout_.catalogue.series[series];
        place->second =
            spec.sum || spec.counter ? place->second + value->number() : std::max(place->second, value->number());
      }
    }
    for (const auto& [series, value] : seen) {
      // Beside what counters grew their totals would be a jump.
      if (!has_joined_ || !layout_.catalogue.series[series].counter) column.metrics[series].add(value);
    }
  }

  const Layout& layout_;
  const std::string& path_;
  std::string_view text_;
  double last_second_ = -1;
  double joined_until_ = -1;
  bool has_joined_ = false;
  std::vector<double> grown_;  // by series
  double last_cpu_ = 0;
  std::size_t operation_index_ = 0;
  std::vector<Index> category_;  // by place in `operations`
  std::vector<std::uint64_t> runs_;

 public:
  std::vector<TimelineColumn> columns;
  std::vector<TimelineOperation> operations;
  std::vector<Histogram> response;
  Histogram lateness;
  std::size_t lines = 0;
  bool cut = false;
};

// The elapsed seconds of the last whole line.
double last_second(const std::string& path, std::string_view text) {
  while (!text.empty()) {
    if (text.back() == '\n') text.remove_suffix(1);
    const std::size_t begin = text.rfind('\n') == std::string_view::npos ? 0 : text.rfind('\n') + 1;
    const auto line = JsonDocument::parse_keeping_duplicates(path, std::string(text.substr(begin)));
    if (line && line->root().find("elapsedMs")) return number_at(line->root(), "elapsedMs") / 1000;
    text = text.substr(0, begin);
  }
  return 0;
}

// The longest stretch that one line stands for.
double longest_stretch(std::string_view text) {
  constexpr std::string_view key = "\"joined\":";
  double longest = 1;
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    double seconds = 0;
    for (std::size_t i = at + key.size(); i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i)
      seconds = seconds * 10 + (text[i] - '0');
    longest = std::max(longest, seconds);
  }
  return longest;
}

// `whole`: joined lines go on from those before them.
std::vector<std::string_view> parts_of(std::string_view text, bool whole) {
  const std::size_t count = whole ? 1 : std::clamp<std::size_t>(text.size() / smallest_part, 1, base::processors());
  std::vector<std::string_view> parts;
  const std::size_t size = text.size() / count;
  while (!text.empty()) {
    std::size_t end = parts.size() + 1 == count ? text.size() : text.find('\n', std::min(size, text.size() - 1));
    end = end >= text.size() ? text.size() : end + 1;
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return parts;
}

void join(Timeline& all, Part& part) {
  for (std::size_t i = 0; i < all.columns.size(); ++i) all.columns[i].merge(part.columns[i]);
  for (TimelineOperation& operation : part.operations) {
    const auto known = std::find_if(all.operations.begin(), all.operations.end(),
                                    [&](const TimelineOperation& one) { return one.name == operation.name; });
    if (known == all.operations.end()) {
      all.operations.push_back(std::move(operation));
      continue;
    }
    for (std::size_t i = 0; i < known->columns.size(); ++i) {
      known->columns[i].count += operation.columns[i].count;
      known->columns[i].failures += operation.columns[i].failures;
      known->columns[i].response.merge(operation.columns[i].response);
    }
  }
  for (std::size_t i = 0; i < all.response.size(); ++i) all.response[i].merge(part.response[i]);
  all.lateness.merge(part.lateness);
  all.lines += part.lines;
}

}  // namespace

void Extent::add(double value) {
  low = count == 0 ? value : std::min(low, value);
  high = count == 0 ? value : std::max(high, value);
  last = value;
  sum += value;
  ++count;
}

void Extent::merge(const Extent& later) {
  if (later.count == 0) return;
  low = count == 0 ? later.low : std::min(low, later.low);
  high = count == 0 ? later.high : std::max(high, later.high);
  last = later.last;
  sum += later.sum;
  count += later.count;
}

void TimelineColumn::merge(TimelineColumn& later) {
  if (later.lines == 0) return;
  if (lines == 0) {
    *this = std::move(later);
    return;
  }
  lines += later.lines;
  for (std::size_t i = 0; i < response.size(); ++i) response[i].merge(later.response[i]);
  lateness.merge(later.lateness);
  rate.merge(later.rate);
  held.merge(later.held);
  backlog.merge(later.backlog);
  cpu.merge(later.cpu);
  for (std::size_t i = 0; i < outcome_count; ++i) outcomes[i] += later.outcomes[i];
  for (std::size_t i = 0; i < metrics.size(); ++i) metrics[i].merge(later.metrics[i]);
  reconnects = later.reconnects;
  stream_gaps = later.stream_gaps;
  silent = later.silent;
}

double Timeline::small_seconds() const { return std::max(column_seconds, std::ceil(seconds / most_small_columns)); }

base::Result<Timeline> read_timeline(const std::string& path, std::string_view text) {
  const std::size_t first = text.find('\n');
  auto header = recover(path, text.substr(0, first == std::string_view::npos ? text.size() : first + 1));
  if (!header) return header.error();
  Timeline all;
  all.header = *std::move(header);
  all.started_ms = all.header->record->started_wall_ms;
  text.remove_prefix(first + 1);
  all.seconds = std::max(1.0, std::round(last_second(path, text)));
  // No column is narrower than what one line stands for, or it would look like a gap.
  const double longest = std::min(longest_stretch(text), all.seconds);
  all.column_seconds = std::max({1.0, std::ceil(all.seconds / most_columns), longest});
  const auto count = [&](double width) { return static_cast<std::size_t>(std::ceil(all.seconds / width)); };
  const Layout layout{*all.header,        all.header->catalogue,      count(all.column_seconds),
                      all.column_seconds, count(all.small_seconds()), all.small_seconds()};
  all.columns.resize(layout.columns);
  all.response.resize(layout.catalogue.categories.size());
  std::vector<std::unique_ptr<Part>> parts;
  base::TaskQueue tasks;
  for (const std::string_view one : parts_of(text, longest > 1)) {
    parts.push_back(std::make_unique<Part>(layout, path, one));
    tasks.add([part = parts.back().get()] { part->read(); });
  }
  tasks.run();
  // What follows a line that is not whole is not believed, as recover() has it.
  for (const auto& part : parts) {
    join(all, *part);
    all.cut_line = part->cut;
    if (part->cut) break;
  }
  return all;
}

}  // namespace launchgate::load
