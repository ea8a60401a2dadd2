// SPDX-License-Identifier: Apache-2.0

package sdl

// Internals that tests of quirks look at.
var (
	ParseBytes    = parseBytes
	ParseMillicpu = parseMillicpu
	FormatBytes   = formatBytes
	RemedySize    = remedySize
	LooksSecret   = looksSecret

	UpgradeSize      = upgradeSize
	UpgradeGPUMemory = upgradeGPUMemory
	UpgradeMillicpu  = upgradeMillicpu
)

// ParseVersion tells which rules a version text selects: "", "2.0" or "2.1".
func ParseVersion(s string) string {
	v, err := parseVersion(s)
	switch {
	case err != nil:
		return ""
	case v.compare(semver{major: 2}) == 0:
		return "2.0"
	case v.compare(semver{major: 2, minor: 1}) >= 0:
		return "2.1"
	}
	return ""
}
