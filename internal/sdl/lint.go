// SPDX-License-Identifier: Apache-2.0

package sdl

func (r *reader) lint(s *source, uses []use) {}
