// SPDX-License-Identifier: Apache-2.0

package deployment

// AdoptedNote is for tests.
var AdoptedNote = adoptedNote
