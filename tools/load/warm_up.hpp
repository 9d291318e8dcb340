#pragma once

#include "load/core/run_record.hpp"
#include "load/net/event_loop.hpp"

namespace launchgate::load {

// Opens the connections that the plan will need before its first arrival, one a millisecond: a burst of them within the
// run would delay arrivals, and what is the generator's cold start would look like the target's. By Little's law with
// room for answers of 20 ms; a run of less than 50 requests a second needs none.
void open_connections_ahead(const RunPlan& run, EventLoop& loop);

}  // namespace launchgate::load
