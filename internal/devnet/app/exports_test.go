// SPDX-License-Identifier: Apache-2.0

package app

// Readable tells whether [App.Reading] would return at once.
func (a *App) Readable() bool {
	if !a.blocks.TryRLock() {
		return false
	}
	a.blocks.RUnlock()
	return true
}
