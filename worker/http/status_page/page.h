#pragma once

#include <string>
#include <string_view>

namespace worker::http {

/// page.html, as it was when the program was built.
extern const std::string_view page_html;

/// The strictest policy under which the page works: its own script and its own style, by their digests, and nothing
/// from anywhere else but JSON and events from where it came from. (Content Security Policy Level 3.)
std::string content_security_policy(std::string_view html);

}  // namespace worker::http
