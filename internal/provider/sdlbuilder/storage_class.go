// SPDX-License-Identifier: Apache-2.0

package sdlbuilder

// storageClasses are words of people for what the network calls beta1 to beta3. "ram" has one name.
var storageClasses = map[string]string{"hdd": "beta1", "ssd": "beta2", "nvme": "beta3"}

// storageClass is the network's name of a class.
func storageClass(name string) string {
	if theirs, ok := storageClasses[name]; ok {
		return theirs
	}
	return name
}
