#include "leaks/gitleaks_config.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "lib/base/ascii.hpp"
#include "lib/base/similar.hpp"
#include "lib/io/guard.hpp"
#include "lib/io/path.hpp"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace launchgate::leaks {
namespace {

constexpr std::uint64_t largest_config = 16UL * 1024 * 1024;
constexpr int deepest_extension = 2;  // as the original

base::Position position_of(const toml::node& node) { return {node.source().begin.line, node.source().begin.column}; }

// Go accepts (?<name>…) where this RE2 wants (?P<name>…).
std::string to_re2(std::string_view pattern) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    text += pattern[i];
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      text += pattern[++i];
    } else if (pattern.substr(i, 3) == "(?<" && i + 3 < pattern.size() && pattern[i + 3] != '=' &&
               pattern[i + 3] != '!') {
      text += "?P";
      ++i;
    }
  }
  return text;
}

class Loader {
 public:
  Loader(std::string path, const io::FileSystem& disk, std::string root, int depth)
      : path_(std::move(path)), disk_(disk), root_(std::move(root)), depth_(depth) {}

  base::Result<GitleaksConfig> load() {
    auto text = disk_.read(path_, largest_config);
    if (!text) return text.error();
    const toml::parse_result parsed = toml::parse(*text, path_);
    if (!parsed) {
      const auto& begin = parsed.error().source().begin;
      return base::Error{base::ErrorCategory::configuration,
                         path_,
                         {begin.line, begin.column},
                         std::string(parsed.error().description()),
                         ""};
    }
    const toml::table& root = parsed.table();
    known(root, "the configuration",
          {"title", "description", "minVersion", "extend", "rules", "allowlist", "allowlists"});
    if (const toml::node* extend = root.get("extend")) read_extend(*extend);
    tables(root, "rules", "rule", [&](const toml::table& rule) { read_rule(rule); });
    for (const char* name : {"allowlist", "allowlists"}) {
      tables(root, name, "allowlist", [&](const toml::table& list) { read_global(list); });
    }
    if (error_) return *error_;
    if (config_.rules.empty() && !config_.extends_default) {
      return base::Error{base::ErrorCategory::configuration,
                         path_,
                         {},
                         "holds no rules",
                         "add [[rules]], or [extend] with useDefault = true"};
    }
    return std::move(config_);
  }

 private:
  using Strings = std::vector<std::pair<std::string, base::Position>>;

  void refuse(const toml::node& node, std::string message, std::string help = {}) {
    if (!error_)
      error_ = base::Error{base::ErrorCategory::configuration, path_, position_of(node), std::move(message),
                           std::move(help)};
  }

  void known(const toml::table& table, const std::string& what, std::initializer_list<std::string_view> names) {
    for (const auto& [key, value] : table) {
      const std::string_view name = key.str();
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      std::string help = base::did_you_mean(name, {names.begin(), names.end()});
      if (help.empty())
        help = "this scanner cannot express it; take it out, or the rule would find something else than it says";
      refuse(value, what + " has the field \"" + std::string(name) + "\", which is not supported", help);
    }
  }

  template <typename Read>
  void tables(const toml::table& table, std::string_view name, const char* what, const Read& read) {
    const toml::node* node = table.get(name);
    if (node == nullptr) return;
    if (const toml::table* one = node->as_table()) return read(*one);
    const toml::array* list = node->as_array();
    if (list == nullptr) return refuse(*node, '"' + std::string(name) + "\" must hold tables");
    for (const toml::node& element : *list) {
      const toml::table* one = element.as_table();
      if (one == nullptr) return refuse(element, std::string("a ") + what + " must be a table");
      read(*one);
    }
  }

  std::string string(const toml::table& table, std::string_view name) {
    const toml::node* node = table.get(name);
    if (node == nullptr) return {};
    const auto text = node->value<std::string>();
    if (!text) refuse(*node, '"' + std::string(name) + "\" must be a string");
    return text.value_or("");
  }

  Strings strings(const toml::table& table, std::string_view name) {
    Strings all;
    const toml::node* node = table.get(name);
    if (node == nullptr) return all;
    const toml::array* list = node->as_array();
    if (list == nullptr) {
      refuse(*node, '"' + std::string(name) + "\" must be a list of strings");
      return all;
    }
    for (const toml::node& element : *list) {
      const auto text = element.value<std::string>();
      if (!text) refuse(element, '"' + std::string(name) + "\" must be a list of strings");
      all.emplace_back(text.value_or(""), position_of(element));
    }
    return all;
  }

  rules::Pattern pattern(const std::string& text, base::Position position) {
    rules::Pattern::Options options;
    options.bytes = true;
    rules::Pattern made(to_re2(text), path_, position, options);
    if (const auto compiled = made.compiled(); !compiled && !error_) error_ = compiled.error();
    return made;
  }

  std::vector<rules::Pattern> patterns(const toml::table& table, std::string_view name) {
    std::vector<rules::Pattern> all;
    for (const auto& [text, position] : strings(table, name)) all.push_back(pattern(text, position));
    return all;
  }

  void read_extend(const toml::node& node) {
    const toml::table* extend = node.as_table();
    if (extend == nullptr) return refuse(node, "\"extend\" must be a table");
    known(*extend, "extend", {"useDefault", "disabledRules", "path"});
    if (const toml::node* flag = extend->get("useDefault")) {
      const auto value = flag->value<bool>();
      if (!value) refuse(*flag, "\"useDefault\" must be true or false");
      config_.extends_default = value.value_or(false);
    }
    for (const auto& [id, position] : strings(*extend, "disabledRules")) config_.disabled.push_back(id);
    const std::string base_path = string(*extend, "path");
    if (base_path.empty() || error_) return;
    if (depth_ >= deepest_extension) return refuse(node, "configurations extend each other more than twice");
    const auto here = disk_.canonical(path_);
    if (here && io::is_inside(root_, *here)) {
      const io::Access access = io::look_up(disk_, root_, io::join(io::parent(*here), base_path)).access;
      if (access != io::Access::file)
        return refuse(*extend->get("path"), "the file that it extends " + io::describe(access));
    }
    auto base = Loader(io::join(io::parent(path_), base_path), disk_, root_, depth_ + 1).load();
    if (!base) {
      error_ = base.error();
      return;
    }
    config_.extends_default = config_.extends_default || base->extends_default;
    for (secrets::SecretRule& rule : base->rules) {
      const std::string id = rule.info.id.substr(rule.info.id.find('/') + 1);
      if (std::find(config_.disabled.begin(), config_.disabled.end(), id) == config_.disabled.end())
        config_.rules.push_back(std::move(rule));
    }
    config_.disabled.insert(config_.disabled.end(), base->disabled.begin(), base->disabled.end());
  }

  secrets::Allowance read_allowance(const toml::table& list) {
    known(list, "the allowlist",
          {"id", "description", "condition", "paths", "regexTarget", "regexes", "stopwords", "targetRules"});
    secrets::Allowance allowance;
    allowance.paths = patterns(list, "paths");
    for (const auto& [word, position] : strings(list, "stopwords")) {
      std::string folded = word;
      std::transform(folded.begin(), folded.end(), folded.begin(), base::lower);
      allowance.stopwords.push_back(std::move(folded));
    }
    const std::string target = string(list, "regexTarget");
    std::vector<rules::Pattern> regexes = patterns(list, "regexes");
    if (target.empty() || target == "secret") {
      allowance.values = std::move(regexes);
    } else if (target == "match") {
      allowance.matches = std::move(regexes);
    } else if (target == "line") {
      allowance.lines = std::move(regexes);
    } else {
      refuse(*list.get("regexTarget"), "\"regexTarget\" must be \"secret\", \"match\" or \"line\"");
    }
    const std::string condition = string(list, "condition");
    if (condition == "AND" || condition == "and" || condition == "&&") {
      allowance.all = true;
    } else if (!condition.empty() && condition != "OR" && condition != "or" && condition != "||") {
      refuse(*list.get("condition"), "\"condition\" must be \"OR\" or \"AND\"");
    }
    return allowance;
  }

  void read_rule(const toml::table& table) {
    known(table, "the rule",
          {"id", "description", "regex", "path", "secretGroup", "entropy", "keywords", "tags", "allowlist",
           "allowlists"});
    secrets::SecretRule rule;
    const std::string id = string(table, "id");
    if (id.empty()) return refuse(table, "the rule has no \"id\"");
    rule.info.id = "gitleaks/" + id;
    rule.info.severity = finding::Severity::error;
    rule.info.summary = string(table, "description");
    if (rule.info.summary.empty()) rule.info.summary = "value that the rule " + id + " finds";
    rule.info.help =
        "revoke the value with whoever issued it, then take it out of the history (rule " + id + " of " + path_ + ")";
    const std::string regex = string(table, "regex");
    const std::string path = string(table, "path");
    if (regex.empty() && path.empty()) {
      return refuse(table, "rule \"" + id + "\" has neither \"regex\" nor \"path\"",
                    "changes to rules of the default configuration are not supported");
    }
    if (!regex.empty()) rule.pattern = pattern(regex, position_of(*table.get("regex")));
    if (!path.empty()) rule.only_paths = pattern(path, position_of(*table.get("path")));
    rule.first_group = true;
    if (const toml::node* group = table.get("secretGroup")) {
      const auto number = group->value<std::int64_t>();
      if (!number || *number < 0 || *number > 100) refuse(*group, "\"secretGroup\" must be the number of a group");
      rule.group = static_cast<std::uint32_t>(number.value_or(0));
      rule.first_group = rule.group == 0;
    }
    if (const toml::node* entropy = table.get("entropy")) {
      const auto bits = entropy->value<double>();
      if (!bits || !(*bits >= 0 && *bits <= 8)) refuse(*entropy, "\"entropy\" must be from 0 to 8");
      rule.min_entropy = bits.value_or(0);
      rule.entropy_above = true;
    }
    for (const auto& [word, position] : strings(table, "keywords")) rule.keywords.push_back(word);
    rule.keywords_in_match = false;
    for (const char* name : {"allowlist", "allowlists"}) {
      tables(table, name, "allowlist", [&](const toml::table& list) { rule.allow.push_back(read_allowance(list)); });
    }
    std::erase_if(config_.rules, [&](const secrets::SecretRule& other) {
      return other.info.id == rule.info.id;
    });  // of an extended file
    config_.rules.push_back(std::move(rule));
  }

  // Stands after the rules: it applies to all of them, or to those that it names.
  void read_global(const toml::table& list) {
    const secrets::Allowance allowance = read_allowance(list);
    const Strings targets = strings(list, "targetRules");
    for (secrets::SecretRule& rule : config_.rules) {
      const bool meant = targets.empty() || std::any_of(targets.begin(), targets.end(), [&](const auto& target) {
                           return "gitleaks/" + target.first == rule.info.id;
                         });
      if (meant) rule.allow.push_back(allowance);
    }
  }

  std::string path_;
  const io::FileSystem& disk_;
  std::string root_;
  int depth_;
  GitleaksConfig config_;
  std::optional<base::Error> error_;
};

}  // namespace

base::Result<GitleaksConfig> read_gitleaks_config(const std::string& path, const io::FileSystem& disk,
                                                  const std::string& root) {
  return Loader(path, disk, root, 0).load();
}

}  // namespace launchgate::leaks
