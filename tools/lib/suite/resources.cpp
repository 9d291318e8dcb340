#include "lib/suite/resources.hpp"

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/overlay.hpp"
#include "lib/io/guard.hpp"
#include "lib/io/path.hpp"
#include "lib/io/walk.hpp"
#include "lib/suite/embedded.hpp"

namespace launchgate::suite {
namespace {

constexpr std::uint64_t most_bytes = 16UL * 1024 * 1024;
constexpr int deepest_folder = 8;
constexpr std::string_view built_in_prefix = "builtin:";

constexpr std::string_view built_in_word = "builtin";

base::Error configuration_error(std::string path, std::string message, std::string help = "") {
  return {base::ErrorCategory::configuration, std::move(path), {}, std::move(message), std::move(help)};
}

std::string name_of(std::string_view path, std::string_view ending) {
  std::string_view name = io::file_name(path);
  name.remove_suffix(ending.size());
  return std::string(name);
}

// None: no such file is built in.
const EmbeddedFile* built_in(std::string_view folder, std::string_view ending, std::string_view name) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path.starts_with(folder) && file.path.ends_with(ending) && name_of(file.path, ending) == name)
      return &file;
  }
  return nullptr;
}

// What "builtin" means to a document of this shape; empty: nothing.
std::string built_in_for(const document::JsonValue& root) {
  if (root.find("catalogue") || root.find("operations")) return "http-service";
  if (root.find("pack") || root.find("rules") || root.find("properties") || root.find("$id")) return "";
  return "tiers";
}

Sources::Source source_of(const std::string& path, std::string text) {
  return std::make_shared<const base::SourceText>(path, std::move(text));
}

base::Result<Resources::Document> parse(Sources::Source text) {
  auto parsed = document::JsonDocument::parse(std::move(text));
  if (!parsed) {
    base::Error error = parsed.error();
    error.category = base::ErrorCategory::configuration;
    return error;
  }
  return std::make_shared<const document::JsonDocument>(std::move(*parsed));
}

}  // namespace

void Resources::set_named_by(const document::JsonDocument& configuration) {
  named_by_ = configuration.path();
  collect_names(configuration.root());
}

void Resources::collect_names(const document::JsonValue& value) {
  const auto note = [](std::map<std::string, base::Position>& places, const document::JsonValue& name) {
    if (name.is(document::JsonKind::string)) places.emplace(std::string(name.string()), name.span().begin);
  };
  if (value.is(document::JsonKind::array)) {
    for (const document::JsonValue element : value.elements()) collect_names(element);
  } else if (value.is(document::JsonKind::object)) {
    for (const document::JsonValue::Member member : value.members()) {
      const std::string_view key = member.name();
      if (key == "schema") note(schema_places_, member.value);
      if (key == "tiers" || key == "operations") note(rules_places_, member.value);
      if (key == "packs" || key == "publicSafePacks") {
        for (const document::JsonValue element : member.value.elements()) note(rules_places_, element);
      } else {
        collect_names(member.value);
      }
    }
  }
}

base::Error Resources::missing(std::string_view what, const std::string& name, const std::string& folder,
                               std::string message, std::string help) const {
  const auto& places = what == "schema" ? schema_places_ : rules_places_;
  base::Error error = configuration_error(folder, std::move(message), std::move(help));
  if (const auto place = places.find(name); place != places.end()) {
    error.path = named_by_;
    error.position = place->second;
  }
  return error;
}

base::Result<Sources::Source> Resources::read_inside_root(std::string_view what, const std::string& path) const {
  const io::Access access = io::look_up(sources_->disk(), sources_->root(), path).access;
  if (access != io::Access::file)
    return missing(what, path, "", "the " + std::string(what) + " \"" + path + "\" " + io::describe(access), "");
  auto text = sources_->get(io::normalize(path), most_bytes);
  if (!text) {
    base::Error error = text.error();
    error.path = path;
    return error;
  }
  return text;
}

std::vector<Resources::File> Resources::files(const std::optional<std::string>& folder,
                                              std::string_view built_in_folder, std::string_view ending) const {
  std::vector<File> found;
  if (!folder) {
    for (const EmbeddedFile& file : embedded_files()) {
      if (file.path.starts_with(built_in_folder) && file.path.ends_with(ending))
        found.push_back({std::string(file.path), name_of(file.path, ending)});
    }
    return found;
  }
  std::vector<std::string> paths;
  io::WalkSettings settings;
  settings.deepest = deepest_folder;
  settings.visit = [&](const io::WalkEntry& entry) {
    if (entry.kind != io::FileKind::directory) paths.push_back(entry.path);
    return true;
  };
  io::walk(sources_->disk(), *folder, "", settings);
  for (const std::string& path : paths) {
    if (path.ends_with(ending)) found.push_back({path, name_of(path, ending)});
  }
  return found;
}

base::Result<Resources::Document> Resources::load(const std::string& name, const std::optional<std::string>& folder,
                                                  std::string_view built_in_folder, std::string_view ending,
                                                  std::string_view what) {
  if (name.ends_with(".json")) {
    return documents_.get(name, [&]() -> base::Result<Document> { return extended(what, name, {}); });
  }
  const std::vector<File> known = files(folder, built_in_folder, ending);
  const File* found = nullptr;
  for (const File& file : known) {
    if (file.name != name) continue;
    if (found != nullptr)
      return configuration_error(file.path, "has the same name as " + found->path, "rename one of them");
    found = &file;
  }
  if (found == nullptr) {
    std::vector<std::string> names;
    for (const File& file : known) names.push_back(file.name);
    std::string help = base::did_you_mean(name, names);
    if (names.empty()) help = "there are none in that folder; their names end in " + std::string(ending);
    if (help.empty()) help = "known: " + base::quoted_list(names, "and", names.size()) + "; a path ends in .json";
    return missing(what, name, folder.value_or(""), "there is no " + std::string(what) + " \"" + name + "\"",
                   std::move(help));
  }
  const std::string path = folder ? found->path : std::string(built_in_prefix) + found->path;
  return documents_.get(path, [&]() -> base::Result<Document> {
    if (!folder) return parse(source_of(path, built_in(built_in_folder, ending, name)->text()));
    // The folder is a person's word; where it lies in the repository, links in it are not.
    const auto place = sources_->disk().canonical(*folder);
    if (place && io::is_inside(sources_->root(), *place)) {
      const std::string full = io::join(*place, io::relative_to(*folder, path));
      const io::Access access = io::look_up(sources_->disk(), sources_->root(), full).access;
      if (access != io::Access::file) return configuration_error(path, io::describe(access));
    }
    auto text = sources_->disk().read(path, most_bytes);
    if (!text) return text.error();
    auto own = parse(source_of(path, std::move(*text)));
    return own ? laid_over(what, std::move(*own), {}) : own;
  });
}

// A file inside the root, laid over what it extends. `chain` are the files that led to it.
base::Result<Resources::Document> Resources::extended(std::string_view what, const std::string& name,
                                                      std::vector<std::string> chain) const {
  auto text = read_inside_root(what, name);
  if (!text) return text.error();
  auto own = parse(std::move(*text));
  if (!own) return own;
  chain.push_back(io::normalize(name));
  return laid_over(what, std::move(*own), chain);
}

base::Result<Resources::Document> Resources::laid_over(std::string_view what, Document own,
                                                       const std::vector<std::string>& chain) const {
  if (!own->root().find("extends")) return own;
  const auto base = extended_by(what, *own, chain);
  if (!base) return base.error();
  auto whole = document::overlay(*own, **base);
  if (!whole) return whole.error();
  return std::make_shared<const document::JsonDocument>(std::move(*whole));
}

// What `own` extends: a file, or what is built in.
base::Result<Resources::Document> Resources::extended_by(std::string_view what, const document::JsonDocument& own,
                                                         const std::vector<std::string>& chain) const {
  const document::JsonValue at = own.root().find("extends").value_or(own.root());
  const auto refuse = [&](std::string message, std::string help) {
    return base::Error{base::ErrorCategory::configuration, own.path(), at.span().begin, std::move(message),
                       std::move(help)};
  };
  const std::string name(at.string());
  if (name.empty()) return refuse("\"extends\" must be a name or a path", "write \"extends\": \"builtin\"");
  if (name.ends_with(".json")) {
    if (std::find(chain.begin(), chain.end(), io::normalize(name)) != chain.end())
      return refuse("\"" + base::printable(name) + "\" extends itself", "name what is built in, or another file");
    auto base = extended(what, name, chain);
    if (!base && base.error().path.empty()) return refuse(base.error().message, base.error().help);
    return base;
  }
  const bool is_schema = what == "schema";
  const std::string_view folder = is_schema ? "schemas/" : "rules/";
  const std::string_view ending = is_schema ? ".schema.json" : ".json";
  std::string meant = name;
  if (name == built_in_word) meant = built_in_for(own.root());
  const EmbeddedFile* const file = meant.empty() ? nullptr : built_in(folder, ending, meant);
  if (file != nullptr) return parse(source_of(std::string(built_in_prefix) + std::string(file->path), file->text()));
  if (meant.empty())
    return refuse("\"builtin\" is for ladders and catalogues; a " + std::string(what) + " extends one by its name", "");
  std::vector<std::string> names = {std::string(built_in_word)};
  for (const File& known : files(std::nullopt, folder, ending)) names.push_back(known.name);
  std::string help = base::did_you_mean(name, names);
  if (help.empty()) help = "known: " + base::quoted_list(names, "and", names.size()) + "; a path ends in .json";
  return refuse("there is no " + std::string(what) + " \"" + base::printable(name) + "\" to extend", std::move(help));
}

base::Result<Resources::Extension> Resources::extension(const std::string& name) const {
  auto text = read_inside_root("rule pack", name);
  if (!text) return text.error();
  auto own = parse(std::move(*text));
  if (!own) return own.error();
  if (!(*own)->root().find("extends")) return Extension{std::move(*own), nullptr};
  auto base = extended_by("rule pack", **own, {io::normalize(name)});
  if (!base) return base.error();
  return Extension{std::move(*own), std::move(*base)};
}

base::Result<Resources::Document> Resources::schema(const std::string& name) {
  return load(name, schemas_folder_, "schemas/", ".schema.json", "schema");
}

base::Result<std::shared_ptr<const schema::Schema>> Resources::compiled_schema(const std::string& name) {
  return schemas_.get(name, [&]() -> base::Result<std::shared_ptr<const schema::Schema>> {
    if (has_built_in_schema(name))
      return std::make_shared<const schema::Schema>(built_in("schemas/", ".schema.json", name)->plan);
    auto document = schema(name);
    if (!document) return document.error();
    return schema::compile(**document);
  });
}

bool Resources::is_built_in(const document::JsonDocument& document) {
  return document.path().starts_with(built_in_prefix);
}

bool Resources::has_built_in_schema(const std::string& name) const {
  return !schemas_folder_ && built_in("schemas/", ".schema.json", name) != nullptr;
}

base::Result<Resources::Document> Resources::rules(const std::string& name) {
  return load(name, rules_folder_, "rules/", ".json", "rule pack");
}

base::Result<rules::SharedPack> Resources::pack(const std::string& name) {
  return packs_.get(name, [&]() -> base::Result<rules::SharedPack> {
    const bool is_built_in = !rules_folder_ && !name.ends_with(".json");
    if (const EmbeddedFile* const file = is_built_in ? built_in("rules/", ".json", name) : nullptr) {
      auto pack = rules::Pack::open(std::string(built_in_prefix) + std::string(file->path), file->text(), file->index);
      if (pack) return std::make_shared<const rules::Pack>(std::move(*pack));
    }
    const auto document = rules(name);
    if (!document) return document.error();
    auto loaded = rules::load_pack(*document);
    if (!loaded) return loaded.error();
    return std::make_shared<const rules::Pack>(std::move(*loaded));
  });
}

base::Result<std::vector<rules::SharedPack>> Resources::packs(const std::vector<std::string>& names) {
  std::vector<rules::SharedPack> packs;
  for (const std::string& name : names) {
    auto one = pack(name);
    if (!one) return one.error();
    packs.push_back(std::move(*one));
  }
  return packs;
}

std::vector<std::string> Resources::rule_names() const {
  std::vector<std::string> names;
  for (const File& file : files(rules_folder_, "rules/", ".json")) names.push_back(file.name);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> Resources::schema_names() const {
  std::vector<std::string> names;
  for (const File& file : files(schemas_folder_, "schemas/", ".schema.json")) names.push_back(file.name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace launchgate::suite
