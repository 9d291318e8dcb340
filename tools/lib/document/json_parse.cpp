// Reads JSON in one pass of RapidJSON's iterative SAX parser (no recursion, whatever the depth of the input).
//
// RapidJSON tells where it stands, not where a token began. The builder therefore keeps the end of the token before and
// skips blanks, ',' and ':' from there, which costs one extra look at each separator. RapidJSON stops at a NUL byte as
// at the end of the input, accepts duplicate keys and, without its encoding flag, ill-formed UTF-8: all three are
// checked here.

#include <rapidjson/error/error.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <unordered_map>

#include "lib/base/similar.hpp"
#include "lib/base/utf8.hpp"
#include "lib/document/json_document.hpp"

namespace launchgate::document {

namespace {

constexpr std::size_t pairwise_limit = 12;

class TextStream {
 public:
  using Ch = char;
  explicit TextStream(std::string_view text) : text_(text) {}
  Ch Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  Ch Take() {
    const Ch c = Peek();
    ++at_;
    return c;
  }
  std::size_t Tell() const { return at_; }
  // Only in-situ parsing writes.
  Ch* PutBegin() { return nullptr; }
  void Put(Ch) {}
  void Flush() {}
  std::size_t PutEnd(Ch*) { return 0; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

// The SAX handler; false from a callback ends the parse.
class JsonBuilder {
 public:
  JsonBuilder(JsonDocument& document, const TextStream& stream, const JsonLimits& limits)
      : document_(document), stream_(stream), limits_(limits), text_(document.source_->text()) {}

  bool Null() { return scalar(JsonKind::null); }
  bool Bool(bool) { return scalar(JsonKind::boolean); }
  bool Int(int) { return scalar(JsonKind::number); }
  bool Uint(unsigned) { return scalar(JsonKind::number); }
  bool Int64(std::int64_t) { return scalar(JsonKind::number); }
  bool Uint64(std::uint64_t) { return scalar(JsonKind::number); }
  bool Double(double) { return scalar(JsonKind::number); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return scalar(JsonKind::number); }
  bool String(const char* data, rapidjson::SizeType size, bool) { return string(data, size); }
  bool Key(const char* data, rapidjson::SizeType size, bool) { return string(data, size); }
  bool StartObject() { return open(JsonKind::object); }
  bool EndObject(rapidjson::SizeType count) {
    find_duplicates(open_.back(), count);
    return close(count);
  }
  bool StartArray() { return open(JsonKind::array); }
  bool EndArray(rapidjson::SizeType count) { return close(count); }

  bool too_deep() const { return too_deep_; }
  // Where the next token begins, or the end of the text.
  std::size_t next_token() const {
    std::size_t at = last_end_;
    while (at < text_.size() && (is_blank(text_[at]) || text_[at] == ',' || text_[at] == ':')) ++at;
    return at;
  }

 private:
  bool scalar(JsonKind kind) {
    const auto begin = static_cast<std::uint32_t>(next_token());
    const auto end = static_cast<std::uint32_t>(stream_.Tell());
    document_.nodes_.push_back({begin, end, static_cast<std::uint32_t>(document_.nodes_.size()) + 1, 0, kind});
    last_end_ = end;
    return true;
  }

  bool string(const char* data, std::size_t size) {
    scalar(JsonKind::string);
    JsonDocument::Node& node = document_.nodes_.back();
    // Every escape is longer than what it stands for.
    if (node.end - node.begin - 2 != size) {
      document_.decoded_.emplace_back(static_cast<std::uint32_t>(document_.decoded_text_.size()),
                                      static_cast<std::uint32_t>(size));
      document_.decoded_text_.append(data, size);
      node.extra = static_cast<std::uint32_t>(document_.decoded_.size());
    }
    return true;
  }

  bool open(JsonKind kind) {
    const auto begin = static_cast<std::uint32_t>(next_token());
    if (open_.size() >= limits_.depth) {
      too_deep_ = true;
      return false;
    }
    last_end_ = begin + 1;
    open_.push_back(static_cast<std::uint32_t>(document_.nodes_.size()));
    document_.nodes_.push_back({begin, begin + 1, 0, 0, kind});
    return true;
  }

  bool close(rapidjson::SizeType count) {
    JsonDocument::Node& node = document_.nodes_[open_.back()];
    open_.pop_back();
    node.end = static_cast<std::uint32_t>(next_token()) + 1;
    node.next = static_cast<std::uint32_t>(document_.nodes_.size());
    node.extra = count;
    last_end_ = node.end;
    return true;
  }

  void find_duplicates(std::uint32_t object, std::size_t count) {
    if (count < 2) return;
    std::vector<std::uint32_t> keys;
    keys.reserve(count);
    for (std::uint32_t at = object + 1; at < document_.nodes_.size(); at = document_.nodes_[at + 1].next)
      keys.push_back(at);
    if (count <= pairwise_limit) {
      for (std::size_t i = 1; i < keys.size(); ++i) {
        const std::string_view name = document_.string_at(keys[i]);
        for (std::size_t j = 0; j < i; ++j) {
          if (document_.string_at(keys[j]) == name) {
            report(keys[j], keys[i]);
            break;
          }
        }
      }
      return;
    }
    std::unordered_map<std::string_view, std::uint32_t> seen;
    seen.reserve(count);
    for (const std::uint32_t key : keys) {
      const auto [first, fresh] = seen.emplace(document_.string_at(key), key);
      if (!fresh) report(first->second, key);
    }
  }

  void report(std::uint32_t first, std::uint32_t again) {
    const auto span = [&](std::uint32_t node) {
      return document_.source_->span(document_.nodes_[node].begin, document_.nodes_[node].end);
    };
    document_.duplicates_.push_back({std::string(document_.string_at(again)), span(again), span(first)});
  }

  JsonDocument& document_;
  const TextStream& stream_;
  const JsonLimits& limits_;
  std::string_view text_;
  std::size_t last_end_ = 0;
  std::vector<std::uint32_t> open_;
  bool too_deep_ = false;
};

namespace {

base::Error content_error(const base::SourceText& source, std::size_t offset, std::string message, std::string help) {
  return {base::ErrorCategory::content, source.path(), source.position(offset), std::move(message), std::move(help)};
}

// The character at `offset` as a message shows it.
std::string shown(std::string_view text, std::size_t offset) {
  const auto length = base::utf8_sequence_length(static_cast<unsigned char>(text[offset]));
  return "\"" + base::printable(text.substr(offset, length)) + "\"";
}

// Whether the text starts like a JSON value, and with all of it where that is a word.
bool begins_value(std::string_view text) {
  const std::string_view digits = "0123456789";
  if (text.empty()) return false;
  if (text.front() == '-') return text.size() > 1 && digits.find(text[1]) != std::string_view::npos;
  return text.starts_with("true") || text.starts_with("false") || text.starts_with("null") || text.front() == '"' ||
         text.front() == '{' || text.front() == '[' || digits.find(text.front()) != std::string_view::npos;
}

// RapidJSON's error codes say which rule of the grammar failed; the characters around say what the author meant.
base::Error explain(const base::SourceText& source, rapidjson::ParseErrorCode code, std::size_t offset,
                    std::size_t token) {
  const std::string_view text = source.text();
  std::size_t at = std::min(token, text.size());
  const std::string_view rest = text.substr(at);
  const auto starts = [&](std::string_view word) { return rest.substr(0, word.size()) == word; };
  const auto error = [&](std::size_t where, std::string message, std::string help) {
    return content_error(source, where, std::move(message), std::move(help));
  };

  const bool in_string = code == rapidjson::kParseErrorStringEscapeInvalid ||
                         code == rapidjson::kParseErrorStringInvalidEncoding ||
                         code == rapidjson::kParseErrorStringMissQuotationMark;
  if (in_string && offset < text.size() && static_cast<unsigned char>(text[offset]) < 0x20) {
    return error(offset, "control character in a string", "write it as an escape, for example \\n or \\u0000");
  }

  switch (code) {
    case rapidjson::kParseErrorStringEscapeInvalid:
      return error(offset, "invalid escape in a string",
                   "write \\\\ for a backslash; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return error(offset, "\\u needs four hexadecimal digits", "write for example \\u00e9");
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return error(offset, "a \\u surrogate stands alone", "write both halves of the pair, or the character itself");
    case rapidjson::kParseErrorStringMissQuotationMark:
      return error(at, "the string has no closing quote", "add \" at its end");
    case rapidjson::kParseErrorNumberTooBig:
      return error(at, "the number is too large", "use a number below 1e308");
    case rapidjson::kParseErrorNumberMissFraction:
      return error(at, "a number must have a digit after its point", "write for example 1.0");
    case rapidjson::kParseErrorNumberMissExponent:
      return error(at, "a number must have a digit in its exponent", "write for example 1e3");
    default:
      break;
  }

  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return error(text.size(), "the document is empty", "a JSON document holds one value");
  }
  const std::size_t before = at == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r\n", at - 1);
  const char previous = before == std::string_view::npos ? '\0' : text[before];
  if (at >= text.size()) {
    if (previous == ',')
      return error(before, "the document ends after a comma", "complete it, or restore the file if it was cut short");
    return error(at, "the document ends before its value does",
                 "close what is open, or restore the file if it was cut short");
  }
  if (starts("//") || starts("/*") || starts("#")) return error(at, "JSON has no comments", "remove the comment");
  if (starts("'")) return error(at, "strings stand in double quotes", "write \" in place of '");
  if ((starts("}") || starts("]")) && previous == ',') {
    return error(before, "comma before the closing bracket", "remove the comma");
  }
  for (const std::string_view word : {"NaN", "Infinity", "-Infinity", "+Infinity", "-NaN", "Inf", "nan", "inf"}) {
    if (starts(word)) return error(at, "NaN and Infinity are no JSON numbers", "use a finite number or null");
  }
  for (const std::string_view word : {"True", "False", "None", "Null", "TRUE", "FALSE", "NULL", "undefined"}) {
    if (starts(word)) return error(at, "unknown word " + std::string(word), "JSON has true, false and null");
  }
  if (starts("+") || starts("."))
    return error(at, "a number starts with a digit or a minus sign", "write for example 0.5");
  if (text[at] == '\0') return error(at, "NUL byte in the document", "remove it; nothing may follow the value");
  // The parser has read past a delimiter that it did not expect when what follows is as it should be.
  const bool is_key = code == rapidjson::kParseErrorObjectMissName;
  if ((previous == ',' || previous == ':') && (is_key ? starts("\"") : begins_value(text.substr(at)))) {
    const std::string found = std::string(", found \"") + previous + '"';
    return error(before, (is_key ? "expected a key in double quotes" : "expected a JSON value") + found,
                 previous == ',' ? "remove the comma, or complete what it ends" : "remove the colon");
  }
  switch (code) {
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return error(at, "text follows the document's end", "remove all that stands after the closing bracket");
    case rapidjson::kParseErrorObjectMissName:
      return error(at, "expected a key in double quotes, found " + shown(text, at), "write \"key\": value");
    case rapidjson::kParseErrorObjectMissColon:
      return error(at, "expected \":\" after the key, found " + shown(text, at), "write \"key\": value");
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return error(at, "expected \",\" or \"}\", found " + shown(text, at), "separate members with a comma");
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return error(at, "expected \",\" or \"]\", found " + shown(text, at), "separate elements with a comma");
    default:
      return error(at, "expected a JSON value, found " + shown(text, at),
                   "a value is an object, array, string, number, true, false or null");
  }
}

std::optional<base::Error> refuse_bytes(const base::SourceText& source, const JsonLimits& limits) {
  const std::string_view text = source.text();
  if (text.size() > limits.bytes) {
    return content_error(source, 0,
                         "the document has " + std::to_string(text.size()) + " bytes; at most " +
                             std::to_string(limits.bytes) + " are read",
                         "split it");
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return content_error(source, 0, "the document starts with a byte order mark", "save it as UTF-8 without BOM");
  }
  if (text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE")) {
    return content_error(source, 0, "the document is UTF-16", "save it as UTF-8 without BOM");
  }
  const std::size_t bad = base::find_invalid_utf8(text);
  if (bad != std::string_view::npos) {
    return content_error(
        source, bad,
        "byte 0x" +
            [&] {
              constexpr std::string_view digits = "0123456789abcdef";
              const auto byte = static_cast<unsigned char>(text[bad]);
              return std::string{digits[byte >> 4U], digits[byte & 0xFU]};
            }() +
            " is not valid UTF-8",
        "save the document as UTF-8");
  }
  return std::nullopt;
}

}  // namespace

base::Result<JsonDocument> JsonDocument::parse_keeping_duplicates(std::shared_ptr<const base::SourceText> text,
                                                                  const JsonLimits& limits) {
  JsonDocument document;
  document.source_ = std::move(text);
  const base::SourceText& source = *document.source_;
  if (auto refused = refuse_bytes(source, limits)) return std::move(*refused);

  TextStream stream(source.text());
  JsonBuilder builder(document, stream, limits);
  rapidjson::Reader reader;
  constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
  const rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
  if (result.IsError()) {
    if (builder.too_deep()) {
      return content_error(source, builder.next_token(),
                           "values are nested more than " + std::to_string(limits.depth) + " deep",
                           "flatten the document");
    }
    return explain(source, result.Code(), result.Offset(), builder.next_token());
  }
  // RapidJSON took a NUL byte for the end.
  if (stream.Tell() < source.text().size()) {
    return explain(source, rapidjson::kParseErrorDocumentRootNotSingular, stream.Tell(), stream.Tell());
  }
  return document;
}

base::Result<JsonDocument> JsonDocument::parse(std::shared_ptr<const base::SourceText> source,
                                               const JsonLimits& limits) {
  auto document = parse_keeping_duplicates(std::move(source), limits);
  if (document && !document->duplicates_.empty()) {
    const DuplicateKey& twice = document->duplicates_.front();
    return base::Error{base::ErrorCategory::content, document->path(), twice.span.begin,
                       "key \"" + base::printable(twice.key) + "\" stands twice in one object",
                       "remove one; the other is on line " + std::to_string(twice.first.begin.line)};
  }
  return document;
}

}  // namespace launchgate::document
