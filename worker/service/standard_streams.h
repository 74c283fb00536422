#pragma once

namespace worker::service {

/// Called first of all: descriptors 0 to 2 that whoever started us closed lead nowhere from now on. Else the next
/// socket would get such a number, and the log would be written into it.
void open_standard_streams();

}  // namespace worker::service
