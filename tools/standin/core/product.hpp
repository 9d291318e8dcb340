#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/document/json_document.hpp"
#include "standin/core/distribution.hpp"
#include "standin/core/template.hpp"

// The product that is stood in for, as its description (rules/load/*-standin.json) tells it: services, tokens, routes
// with what they do, collections of what they keep, limits, events and metrics. Read once, then constant.
namespace launchgate::standin {

struct Service {
  std::string name;
  std::vector<std::string> url_variables;  // exported with the service's URL
};

struct Token {
  std::string name;
  std::vector<std::string> scopes;
  std::vector<std::string> variables;  // exported with the token
};

// A member of a request's body that is kept with the item.
struct Field {
  enum class Kind : std::uint8_t { any, string, base64, object, array, boolean, number };
  std::string name;
  std::string pointer;  // RFC 6901, into the request's body
  Kind kind = Kind::any;
  bool required = false;
};

// Work that starts when an item is created and is done by a pool of workers, first come first served.
struct Work {
  Distribution duration;
  std::string queued, running, done;                    // the item's states
  std::string queued_event, running_event, done_event;  // published on entering each; empty: none
};

struct Collection {
  std::string name;
  std::string id_prefix;
  std::optional<std::size_t> parent;  // index of another collection
  std::string state;                  // of a new item without work
  std::string created_event;          // empty: none
  std::size_t keep = 100000;          // the oldest item goes when there are more
  std::vector<Field> fields;
  std::optional<Work> work;
  Template item;
};

enum class Action : std::uint8_t { answer, list, create, read, events, metrics };

struct Segment {
  std::string text;  // of a literal segment; else the parameter's name
  bool parameter = false;
  std::optional<std::size_t> collection;  // a parameter named after one is the id of an existing item
};

struct Route {
  std::string name;
  std::size_t service = 0;
  std::string method;
  std::string path;
  std::vector<Segment> segments;
  std::string scope;  // empty: no token is asked for
  Action action = Action::answer;
  std::optional<std::size_t> collection;
  std::size_t page = 50;  // items in a list at most, and unless the query's `limit` says otherwise
  int status = 200;
  std::string content_type;
  Template body;
};

struct Limit {
  enum class Kind : std::uint8_t {
    rate,      // requests per window and token
    total,     // requests, ever
    stored,    // items of a collection
    streams,   // event streams open at a time
    failures,  // refused tokens per window
  };
  std::string name;
  Kind kind = Kind::rate;
  std::optional<std::uint64_t> max;  // none: not enforced
  Micros window = 60 * micros_per_second;
  std::string routes = "*";  // glob over names
  std::optional<std::size_t> collection;
  int status = 429;
  std::string code;  // of the policy; empty: the answer has no verdict
  std::string message;
};

struct EventShape {
  Template data;
  std::optional<std::size_t> subject;  // the collection whose id among an item and its ancestors is {{subject}}
  std::string broadcast_type;
};

struct Metric {
  enum class Source : std::uint8_t {
    constant,
    queue_depth,
    oldest_age_ms,
    oldest_age_seconds,
    open_streams,
    rejections,
    requests,
    resident_bytes,
    open_descriptors,
    uptime_seconds,
  };
  std::size_t service = 0;
  std::string name;
  std::string help;
  std::string type;    // "gauge" or "counter"
  std::string signal;  // what it tells ("lag"); faults may name it so
  Source source = Source::constant;
  double value = 0;                 // of a constant
  std::string label;                // for rejections: the label that holds the policy's code
  bool absent_until_first = false;  // not shown while it never left 0
  // The value is spread over these label sets, "" for none; a gauge's share is scaled, a counter's shares add up to the
  // value.
  std::vector<std::pair<std::string, double>> series;
};

struct Product {
  std::string name;
  std::vector<Service> services;
  std::vector<Token> tokens;
  std::size_t workers = 8;
  Template plain_error, verdict_error, limited_error;
  std::vector<Collection> collections;
  std::vector<Route> routes;
  std::vector<Limit> limits;
  EventShape events;
  std::vector<Metric> metrics;
};

// Errors are `configuration` errors at the offending value.
base::Result<Product> load_product(const document::JsonDocument& document);

}  // namespace launchgate::standin
