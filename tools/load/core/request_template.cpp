#include "load/core/request_template.hpp"

#include <algorithm>

#include "lib/base/similar.hpp"
#include "lib/base/text.hpp"
#include "lib/document/json_writer.hpp"

namespace launchgate::load {

namespace {

using document::JsonKind;
using document::JsonValue;

base::Error error_at(const JsonValue& at, std::string message, std::string help = {}) {
  return {base::ErrorCategory::configuration, at.document().path(), at.span().begin, std::move(message),
          std::move(help)};
}

std::string inside_json(std::string_view text) {
  std::string out;
  document::append_json_escaped(out, text);
  return out;
}

class Builder {
 public:
  explicit Builder(const PlaceholderNames& names) : names_(names) {}

  base::Result<void> add(const JsonValue& at, std::string_view text, std::vector<Piece>& out, bool json) {
    while (!text.empty()) {
      const std::size_t open = text.find('{');
      literal(out, json ? inside_json(text.substr(0, open)) : std::string(text.substr(0, open)));
      if (open == std::string_view::npos) break;
      const std::size_t close = text.find('}', open);
      if (close == std::string_view::npos) return error_at(at, "\"{\" without \"}\"");
      const std::string name(text.substr(open + 1, close - open - 1));
      if (auto added = placeholder(at, name, out); !added) return added;
      text.remove_prefix(close + 1);
    }
    return {};
  }

  base::Result<void> json(const JsonValue& value, std::vector<Piece>& out) {
    switch (value.kind()) {
      case JsonKind::string: {
        literal(out, "\"");
        if (auto added = add(value, value.string(), out, true); !added) return added;
        literal(out, "\"");
        return {};
      }
      case JsonKind::object: {
        std::string before = "{";
        for (const auto member : value.members()) {
          literal(out, before + document::json_quoted(member.name()) + ":");
          if (auto added = json(member.value, out); !added) return added;
          before = ",";
        }
        literal(out, value.size() == 0 ? "{}" : "}");
        return {};
      }
      case JsonKind::array: {
        std::string before = "[";
        for (const auto element : value.elements()) {
          literal(out, before);
          if (auto added = json(element, out); !added) return added;
          before = ",";
        }
        literal(out, value.size() == 0 ? "[]" : "]");
        return {};
      }
      case JsonKind::null:
      case JsonKind::boolean:
      case JsonKind::number:
        break;
    }
    literal(out, std::string(value.raw()));
    return {};
  }

  static void literal(std::vector<Piece>& out, std::string text) {
    if (text.empty()) return;
    if (!out.empty() && out.back().kind == PlaceholderKind::literal) {
      out.back().text += text;
    } else {
      out.push_back({PlaceholderKind::literal, 0, std::move(text)});
    }
  }

 private:
  base::Result<void> placeholder(const JsonValue& at, const std::string& name, std::vector<Piece>& out) {
    const auto find = [&](const std::vector<std::string>& list) {
      return static_cast<std::size_t>(std::find(list.begin(), list.end(), name) - list.begin());
    };
    if (name == "sequence") {
      out.push_back({PlaceholderKind::sequence, 0, {}});
    } else if (const std::size_t v = find(names_.variables); v < names_.variables.size()) {
      out.push_back({PlaceholderKind::variable, static_cast<std::uint32_t>(v), {}});
    } else if (const std::size_t i = find(names_.ids); i < names_.ids.size()) {
      out.push_back({PlaceholderKind::id, static_cast<std::uint32_t>(i), {}});
    } else {
      std::vector<std::string> known = names_.variables;
      known.insert(known.end(), names_.ids.begin(), names_.ids.end());
      known.emplace_back("sequence");
      return error_at(at, "\"{" + name + "}\" is neither a variable nor an id", base::did_you_mean(name, known));
    }
    return {};
  }

  const PlaceholderNames& names_;
};

void append_text(std::string_view text, bool json, std::string& out) {
  if (json) {
    document::append_json_escaped(out, text);
  } else {
    out += base::percent_encoded(text);
  }
}

void append_value(const Piece& piece, const Bindings& bindings, bool json, std::string& out) {
  switch (piece.kind) {
    case PlaceholderKind::literal:
      out += piece.text;
      return;
    case PlaceholderKind::sequence:
      out += std::to_string(bindings.sequence);
      return;
    case PlaceholderKind::variable: {
      const std::string& value = (*bindings.variables)[piece.index];
      append_text(value, json, out);
      return;
    }
    case PlaceholderKind::id: {
      const std::string_view value = (*bindings.ids)[piece.index];
      append_text(value, json, out);
      return;
    }
  }
}

}  // namespace

base::Result<RequestTemplate> RequestTemplate::parse(const JsonValue& request, const PlaceholderNames& names) {
  RequestTemplate result;
  Builder builder(names);
  result.method = request.string_member("method");
  result.accept = request.string_member("accept");
  const auto path = request.find("path");
  if (!path || !path->is(JsonKind::string) || path->string().empty() || path->string().front() != '/') {
    return error_at(request, "a request needs a path that starts with \"/\"");
  }
  result.shape = path->string();
  if (auto added = builder.add(*path, path->string(), result.path, false); !added) return added.error();
  if (const auto query = request.find("query")) {
    char separator = '?';
    for (const auto member : query->members()) {
      const std::string key = separator + base::percent_encoded(member.name()) + "=";
      Builder::literal(result.path, key);
      if (auto added = builder.add(member.value, member.value.string(), result.path, false); !added) {
        return added.error();
      }
      result.shape += key + std::string(member.value.string());
      separator = '&';
    }
  }
  if (const auto body = request.find("body")) {
    result.has_body = true;
    if (auto added = builder.json(*body, result.body); !added) return added.error();
  }
  return result;
}

bool RequestTemplate::is_constant() const {
  const auto fixed = [](const Piece& piece) {
    return piece.kind == PlaceholderKind::literal || piece.kind == PlaceholderKind::variable;
  };
  return std::all_of(path.begin(), path.end(), fixed) && std::all_of(body.begin(), body.end(), fixed);
}

bool RequestTemplate::uses(PlaceholderKind kind, std::uint32_t index) const {
  const auto same = [&](const Piece& piece) { return piece.kind == kind && piece.index == index; };
  return std::any_of(path.begin(), path.end(), same) || std::any_of(body.begin(), body.end(), same);
}

void render_path(const std::vector<Piece>& pieces, const Bindings& bindings, std::string& out) {
  for (const Piece& piece : pieces) append_value(piece, bindings, false, out);
}

void render_body(const std::vector<Piece>& pieces, const Bindings& bindings, std::string& out) {
  for (const Piece& piece : pieces) append_value(piece, bindings, true, out);
}

}  // namespace launchgate::load
