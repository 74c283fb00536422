#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace config {

/// systemd hands secrets to a service as files of `folder` ($CREDENTIALS_DIRECTORY): `client-secret` there stands for
/// the setting client-secret-file. Its path, if it is there. One that holds nothing but blanks is as good as none: a
/// unit cannot say otherwise that a credential may be missing.
std::optional<std::string> credential_for(std::string_view setting, const std::string& folder);

}  // namespace config
