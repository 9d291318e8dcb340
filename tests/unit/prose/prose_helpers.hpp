#pragma once

#include <fstream>
#include <sstream>

#include "lib/prose/check.hpp"
#include "unit/rules/rule_helpers.hpp"

namespace launchgate::prose {

inline markdown::MarkdownDocument page(const std::string& text, const std::string& path = "doc.md") {
  auto document = markdown::MarkdownDocument::parse(path, text);
  REQUIRE(document.ok());
  return std::move(*document);
}

// "line:column message | help" of every finding, one a line; the help that every rule has is left out.
inline std::string listed(const std::vector<finding::Finding>& findings) {
  std::string out;
  for (const auto& one : findings) {
    std::string help = one.help;
    if (const std::size_t common = help.find("the help"); common != std::string::npos) {
      const bool more = help.compare(common + 8, 2, "; ") == 0;
      help.erase(common, more ? 10 : std::string::npos);
    }
    while (!help.empty() && (help.back() == ' ' || help.back() == ';')) help.pop_back();
    out += std::to_string(one.span.begin.line) + ':' + std::to_string(one.span.begin.column) + ' ' + one.message +
           " | " + help + '\n';
  }
  return out;
}

inline std::string found(const std::string& rule, const std::string& text, const Subject* like = nullptr) {
  const rules::Pack pack = rules::pack_of(rule);
  const auto document = page(text, like == nullptr ? "doc.md" : like->document.path());
  const Subject subject = like == nullptr ? Subject{document, nullptr, nullptr, {}}
                                          : Subject{document, like->accepted, like->repository, like->read};
  const auto findings = check(pack, subject);
  INFO((findings.ok() ? std::string() : to_string(findings.error())));
  REQUIRE(findings.ok());
  return listed(*findings);
}

inline rules::Pack built_in_pack(const std::string& name) {
  std::ifstream file(std::string(LAUNCHGATE_SOURCE_DIR) + "/rules/wording/" + name + ".json");
  std::stringstream text;
  text << file.rdbuf();
  auto pack = rules::load_pack(name + ".json", text.str(), rules::proven);
  INFO((pack.ok() ? std::string() : to_string(pack.error())));
  REQUIRE(pack.ok());
  return std::move(*pack);
}

}  // namespace launchgate::prose
