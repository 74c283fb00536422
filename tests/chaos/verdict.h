#pragma once

#include <string>
#include <vector>

#include "tests/chaos/evidence.h"

namespace chaos {

/// What is wrong, a line each; nothing when all promises were kept.
using Wrong = std::vector<std::string>;

/// Every entry that was acknowledged came to an end that it may have come to.
void judge_endings(const Evidence& evidence, Wrong& wrong);
/// The same as the records alone tell it.
void judge_records(const Evidence& evidence, Wrong& wrong);
/// The jobs of a target began and ended in the order in which the producer added them.
void judge_order(const Evidence& evidence, Wrong& wrong);
/// No write of a job landed once the next one of its line had begun.
void judge_patches(const Evidence& evidence, Wrong& wrong);
/// Records, counters and batches agree, and nothing that belongs to a live job is left.
void judge_books(const Evidence& evidence, Wrong& wrong);
/// Each job that is over has an audit line, or will have one.
void judge_audit(const Evidence& evidence, Wrong& wrong);
/// No worker crashed or ended by itself.
void judge_workers(const Evidence& evidence, Wrong& wrong);
/// Tells the oracle that each job of the producer's did what it was to do.
void testify_that_all_completed(const Evidence& evidence, sandbox::Oracle& oracle);
/// Tells the oracle what happened to each job, in the order in which they ended.
void testify(const Evidence& evidence, sandbox::Oracle& oracle);

}  // namespace chaos
