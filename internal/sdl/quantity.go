// SPDX-License-Identifier: Apache-2.0

package sdl

import "fmt"

// ParseSize reads a size as SDLs have it, such as "512Mi", "1.5G" or "1073741824", in bytes. A fraction of a byte is
// dropped.
func ParseSize(text string) (bytes uint64, err error) {
	n, err := parseBytes(text, false)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q %w", text, err)
	case n >= 1<<63: // what no machine has, and where the official parser stops making sense
		return 0, fmt.Errorf("%q is too large", text)
	}
	return n, nil
}

// ParseCPU reads an amount of processors as SDLs have it, "500m" or "0.5", in thousandths of a core.
func ParseCPU(text string) (millis uint64, err error) {
	n, wrapped, err := parseMillicpu(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q %w", text, err)
	case wrapped:
		return 0, fmt.Errorf("%q is too large", text)
	}
	return uint64(n), nil
}
