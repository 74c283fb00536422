#pragma once

namespace whole_job {

/// What a worker's memory comes to by its jobs at once and the size of its pages.
void print_memory(bool quick);

}  // namespace whole_job
