#pragma once

#include <string_view>

#include "standin/core/app.hpp"

namespace launchgate::standin {

// Requests below this path steer the stand-in itself, on each of its ports. They are neither counted nor harmed by
// faults.
constexpr std::string_view control_prefix = "/__standin/";

// Whether a request goes there.
bool is_control(const Request& request);

// Answers pages of other origins and names that are not of the loopback with 403, so that no web page can steer a
// stand-in.
Reply control(App& app, const Request& request, Micros now);

}  // namespace launchgate::standin
