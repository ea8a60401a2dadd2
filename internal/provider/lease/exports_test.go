// SPDX-License-Identifier: Apache-2.0

package lease

// CheaperNote is cheaperNote.
var CheaperNote = cheaperNote
