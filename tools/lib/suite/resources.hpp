#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/once_by_name.hpp"
#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "lib/io/file_system.hpp"
#include "lib/rules/pack.hpp"
#include "lib/schema/schema.hpp"
#include "lib/suite/sources.hpp"

namespace launchgate::suite {

// Schemas, rule packs, tier ladders and operation catalogues by name. A bare name ("profiles") is built in, or comes
// from the folders given with --schemas and --rules, which replace all that is built in. A name ending in ".json" is a
// file inside the root. A file of the repository, or of such a folder, may extend one that is built in, or another
// file: see document::overlay. For any number of threads.
class Resources {
 public:
  Resources(std::shared_ptr<const Sources> sources, std::optional<std::string> schemas_folder,
            std::optional<std::string> rules_folder)
      : sources_(std::move(sources)),
        schemas_folder_(std::move(schemas_folder)),
        rules_folder_(std::move(rules_folder)) {}
  Resources(const io::FileSystem& disk, std::string root, std::optional<std::string> schemas_folder,
            std::optional<std::string> rules_folder)
      : Resources(std::make_shared<const Sources>(disk, std::move(root)), std::move(schemas_folder),
                  std::move(rules_folder)) {}

  // Where the repository's configuration names schemas, packs, a ladder and a catalogue, so that one that does not
  // exist is reported there.
  void set_named_by(const document::JsonDocument& configuration);

  using Document = std::shared_ptr<const document::JsonDocument>;

  // Each is parsed once. A missing or malformed one is a `configuration` error.
  base::Result<Document> schema(const std::string& name);
  base::Result<Document> rules(const std::string& name);
  // The one way to a compiled schema: what is built in was compiled by the build, others are once.
  base::Result<std::shared_ptr<const schema::Schema>> compiled_schema(const std::string& name);
  // The one way to a pack, each loaded once. Of one that is built in, rules are read when they are asked for; others
  // are read at once, so that what is wrong is told now and not when a text first asks for it.
  base::Result<rules::SharedPack> pack(const std::string& name);
  base::Result<std::vector<rules::SharedPack>> packs(const std::vector<std::string>& names);

  // A file inside the root as it is written, and what it extends; none: nothing.
  struct Extension {
    Document own;
    Document base;
  };
  base::Result<Extension> extension(const std::string& name) const;

  // Embedded documents were validated when the executable was built (a unit test does), so that no run pays for it
  // again.
  static bool is_built_in(const document::JsonDocument& document);
  bool has_rules_folder() const { return rules_folder_.has_value(); }
  bool has_built_in_schema(const std::string& name) const;

  // Names of all packs below rules/, for `rules list` and did-you-mean: files that have a "pack" member.
  std::vector<std::string> rule_names() const;
  std::vector<std::string> schema_names() const;

 private:
  struct File {
    std::string path;  // as shown
    std::string name;  // without folder and ending
  };
  base::Result<Document> load(const std::string& name, const std::optional<std::string>& folder,
                              std::string_view built_in_folder, std::string_view ending, std::string_view what);
  base::Result<Document> extended(std::string_view what, const std::string& name, std::vector<std::string> chain) const;
  base::Result<Document> laid_over(std::string_view what, Document own, const std::vector<std::string>& chain) const;
  base::Result<Document> extended_by(std::string_view what, const document::JsonDocument& own,
                                     const std::vector<std::string>& chain) const;
  // Of something that does not exist.
  base::Error missing(std::string_view what, const std::string& name, const std::string& folder, std::string message,
                      std::string help) const;
  void collect_names(const document::JsonValue& value);
  std::vector<File> files(const std::optional<std::string>& folder, std::string_view built_in_folder,
                          std::string_view ending) const;
  base::Result<Sources::Source> read_inside_root(std::string_view what, const std::string& path) const;

  std::shared_ptr<const Sources> sources_;
  std::optional<std::string> schemas_folder_;
  std::optional<std::string> rules_folder_;
  base::OnceByName<document::JsonDocument> documents_;   // by path
  base::OnceByName<rules::Pack> packs_;                  // by name
  base::OnceByName<schema::Schema> schemas_;             // by name
  std::string named_by_;                                 // the configuration's path
  std::map<std::string, base::Position> schema_places_;  // by name; the first of each
  std::map<std::string, base::Position> rules_places_;   // of packs, the ladder and the catalogue
};

}  // namespace launchgate::suite
