#include <algorithm>

#include "lib/base/http_date.hpp"
#include "load/core/engine.hpp"

// What the engine reads of the targets beside the traffic, and what it hands on each second.
namespace launchgate::load {

void Engine::observe(Nanoseconds now) {
  for (const Series& series : measurements_.intervals()) {
    if (series.interval.count > 0) timeline_.add(series.operation, series.interval);
  }
  for (const auto& [target, values] : new_scrapes_) timeline_.add(target, values);
  timeline_.end_second(measured(now), streams_.totals(now), transport_.counters());
  observer_.on_tick(*this, now);
}

bool Engine::scrapes_pending() const { return std::find(scraping_.begin(), scraping_.end(), true) != scraping_.end(); }

void Engine::scrape(Nanoseconds now) {
  next_scrape_ = now + scrape_interval_;
  if (!scrapes_pending()) scrape_sent_wall_ms_ = clock_.wall_ms();
  for (std::size_t i = 0; i < plan_.scrapes.size(); ++i) {
    if (scraping_[i]) continue;
    scraping_[i] = true;
    HttpRequest request = request_of(catalogue_, plan_.scrapes[i], prepared_[plan_.scrapes[i]]);
    request.keep_body = true;
    transport_.send(request, *this, static_cast<std::uint32_t>(tasks_.size() + i));
  }
}

void Engine::on_scrape(std::uint32_t scrape, const Exchange& exchange) {
  scraping_[scrape] = false;
  const Index target = catalogue_.operations[plan_.scrapes[scrape]].target;
  const std::int64_t now = clock_.wall_ms();
  if (const auto date = base::parse_http_date(exchange.response.date, now))
    clocks_[target].add(*date, scrape_sent_wall_ms_, now);
  if (exchange.failure != Failure::none || exchange.response.status != 200) {
    metrics_.add_failure(target, exchange.failure != Failure::none ? std::string(name(exchange.failure))
                                                                   : std::to_string(exchange.response.status));
    return;
  }
  std::size_t malformed = 0;
  ScrapeValues values = read_series(catalogue_, target, exchange.response.body, malformed);
  metrics_.add_malformed(malformed);
  metrics_.add(target, values);
  new_scrapes_.emplace_back(target, std::move(values));
}

}  // namespace launchgate::load
