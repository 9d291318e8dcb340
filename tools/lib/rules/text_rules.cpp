#include "lib/rules/text_rules.hpp"

#include "lib/base/ascii.hpp"

#include "lib/rules/json_rule.hpp"

namespace launchgate::rules {

using document::JsonKind;
using document::JsonValue;

namespace {

const std::vector<std::string>& scope_names() {
  static const std::vector<std::string> names = {"text",       "heading",   "paragraph", "code",
                                                 "table-cell", "list-item", "link",      "raw"};
  return names;
}

std::string one_blank(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::vector<Wanted::Phrase> load_phrases(Fields& fields, std::string_view name, Pattern::Options options) {
  std::vector<Wanted::Phrase> phrases;
  const std::vector<Pattern> patterns = fields.literals(name, options);
  if (patterns.empty()) return phrases;
  std::size_t index = 0;
  for (const JsonValue element : fields.object().find(name)->elements())
    phrases.push_back({one_blank(element.string()), patterns[index++], !options.ignore_case});
  return phrases;
}

Wanted load_wanted(Fields& fields, bool with_any) {
  Wanted wanted;
  wanted.scope = static_cast<Scope>(fields.one_of("scope", scope_names(), 0));
  Pattern::Options options;
  options.ignore_case = fields.flag("ignoreCase");
  options.bytes = wanted.scope == Scope::raw;
  wanted.phrases = load_phrases(fields, "phrases", options);
  if (with_any) wanted.any = load_phrases(fields, "any", options);
  wanted.pattern = fields.optional_pattern("pattern", options);
  wanted.section = fields.optional_text("section");
  wanted.when = fields.optional_pattern("when");
  const int given = (wanted.phrases.empty() ? 0 : 1) + (wanted.any.empty() ? 0 : 1) + (wanted.pattern ? 1 : 0);
  if (given != 1 && !(given == 0 && fields.refuse_misspelt({"phrases", "any", "pattern"}))) {
    fields.refuse(fields.object(), with_any ? "the rule must have exactly one of \"phrases\", \"any\" and \"pattern\""
                                            : "the rule must have exactly one of \"phrases\" and \"pattern\"");
  }
  if (wanted.scope == Scope::raw && !wanted.section.empty()) {
    fields.refuse(*fields.object().find("section"), "\"section\" has no meaning for the scope \"raw\"");
  }
  return wanted;
}

// The member "runs": lengths, each of at least twenty, since shorter ones are not looked for.
std::vector<std::uint32_t> load_runs(Fields& fields) {
  std::vector<std::uint32_t> runs;
  const auto list = fields.value("runs", JsonKind::array, false);
  if (!list) return runs;
  for (const JsonValue element : list->elements()) {
    const bool number = element.kind() == JsonKind::number && element.number() >= 20 && element.number() <= 1000;
    if (number) {
      runs.push_back(static_cast<std::uint32_t>(element.number()));
    } else {
      fields.refuse(element, "\"runs\" are lengths from 20 to 1000");
    }
  }
  return runs;
}

// The member "format": how the tokens are built that the rule finds.
std::vector<TokenFormat> load_formats(Fields& fields) {
  std::vector<TokenFormat> formats;
  const auto list = fields.value("format", JsonKind::array, false);
  if (!list) return formats;
  std::size_t index = 0;
  const std::vector<std::string> texts = fields.texts("format", true);
  for (const JsonValue element : list->elements()) {
    if (index >= texts.size()) break;
    auto format = TokenFormat::parse(texts[index++]);
    if (format) {
      formats.push_back(std::move(*format));
    } else {
      fields.refuse(element, format.error().message);
    }
  }
  return formats;
}

}  // namespace

std::vector<std::string> load_keywords(Fields& fields) {
  const auto list = fields.value("keywords", JsonKind::array, false);
  if (!list || list->size() == 0) return {};
  std::vector<std::string> words = fields.texts("keywords", true);
  std::size_t index = 0;
  for (const JsonValue element : list->elements()) {
    if (index >= words.size()) break;
    for (const char c : words[index]) {
      if (base::is_upper(c)) fields.refuse(element, "keywords are lower case; they are compared without case");
    }
    ++index;
  }
  return words;
}

std::string_view name(Scope scope) { return scope_names()[static_cast<std::size_t>(scope)]; }

Require load_require(Fields& fields) {
  Require rule;
  rule.wanted = load_wanted(fields, true);
  fields.object("count", "count", [&](Fields& count) {
    const auto min = count.count("min");
    rule.max = count.count("max");
    rule.min = min.value_or(1);
    if (!min && !rule.max) count.refuse(count.object(), "\"count\" must have \"min\" or \"max\"");
    if (rule.max && *rule.max < rule.min)
      count.refuse(count.object(), "\"max\" must not be below \"min\"", "\"min\" is 1 unless given");
  });
  return rule;
}

Forbid load_forbid(Fields& fields) {
  Forbid rule;
  rule.wanted = load_wanted(fields, false);
  fields.object("unless", "unless", [&](Fields& unless) {
    rule.unless = unless.pattern("pattern");
    rule.unless_window = unless.count("window").value_or(0);
  });
  if (const auto replacement = fields.value("replacement", JsonKind::string, false))
    rule.replacement = std::string(replacement->string());
  return rule;
}

Order load_order(Fields& fields) {
  Order rule{fields.texts("headings", true)};
  if (!fields.failed() && rule.headings.size() < 2) {
    fields.refuse(*fields.object().find("headings"), "\"headings\" must hold at least two headings");
  }
  return rule;
}

Structure load_structure(Fields& fields) {
  Structure rule;
  rule.section = fields.optional_text("section");
  fields.objects("tables", "table", false, [&](Fields& table) {
    rule.tables.push_back({table.texts("columns", true), table.texts("rows", false)});
  });
  rule.fields = fields.texts("fields", false);
  rule.checkboxes = fields.texts("checkboxes", false);
  rule.links = fields.texts("links", false);
  rule.headings = fields.texts("headings", false);
  if (rule.tables.empty() && rule.fields.empty() && rule.checkboxes.empty() && rule.links.empty() &&
      rule.headings.empty()) {
    fields.refuse(fields.object(),
                  "a structure rule must have \"tables\", \"fields\", \"checkboxes\", \"links\" or \"headings\"");
  }
  return rule;
}

std::optional<Boundary> load_boundary(Fields& fields) {
  std::optional<Boundary> found;
  Pattern::Options options;
  options.ignore_case = true;
  fields.object("boundary", "boundary", [&](Fields& boundary) {
    found.emplace();
    found->bounds = boundary.any_pattern("pattern", options);
    if (!found->bounds) (void)boundary.pattern("pattern", options);
    found->before = boundary.any_pattern("before", options);
    found->affirms = boundary.any_pattern("affirms", options);
    found->clauses = boundary.any_pattern("clauses", options);
    found->introduces = boundary.any_pattern("introduces", options);
    found->asides = boundary.any_pattern("asides", options);
    found->governs = boundary.any_pattern("governs", options);
    found->answers = boundary.any_pattern("answers", options);
    found->cells = boundary.any_pattern("cells", options);
  });
  return found;
}

Claim load_claim(Fields& fields) {
  Claim rule;
  Pattern::Options options;
  options.ignore_case = true;
  rule.pattern = fields.any_pattern("pattern", options);
  if (!rule.pattern) rule.pattern = fields.pattern("pattern", options);
  rule.keywords = load_keywords(fields);
  rule.boundary = load_boundary(fields);
  if (!rule.boundary && fields.pack().boundary) rule.boundary = *fields.pack().boundary;
  fields.refer_to(matrix_kind);  // what may be claimed stands there
  rule.tiers = fields.texts("tiers", false);
  return rule;
}

Secret load_secret(Fields& fields) {
  Secret rule;
  Pattern::Options options;
  options.bytes = true;
  rule.pattern = fields.pattern("pattern", options);
  rule.group = fields.count("group").value_or(0);
  rule.judged = fields.count("judged").value_or(0);
  rule.each = fields.optional_pattern("each", options);
  rule.keywords = load_keywords(fields);
  rule.runs = load_runs(fields);
  rule.pattern->set_literals(rule.keywords);
  if (const auto entropy = fields.value("minEntropy", JsonKind::number, false)) {
    rule.min_entropy = entropy->number();
    if (!(rule.min_entropy >= 0 && rule.min_entropy <= 8))
      fields.refuse(*entropy, "\"minEntropy\" must be from 0 to 8 bits per character");
  }
  if (const auto least = fields.value("randomness", JsonKind::number, false)) rule.randomness = least->number();
  rule.names = load_names(fields);
  rule.name_group = fields.count("nameGroup");
  fields.object("allow", "allow", [&](Fields& allow) {
    rule.allow_paths = allow.patterns("paths", options);
    rule.allow_values = allow.patterns("values", options);
    rule.allow_lines = allow.patterns("lines", options);
    rule.allow_matches = allow.patterns("matches", options);
  });
  rule.formats = load_formats(fields);
  rule.needs = fields.optional_pattern("requires", options);
  rule.needs_window = fields.count("window").value_or(0);
  if (fields.has("window") && !rule.needs)
    fields.refuse(*fields.object().find("window"), "\"window\" has no meaning without \"requires\"");
  return rule;
}

}  // namespace launchgate::rules
