// SPDX-License-Identifier: Apache-2.0

package journal

// TryLock and UnlockAndRemove are how an entry's file is locked.
var (
	TryLock         = tryLock
	UnlockAndRemove = unlockAndRemove
)
