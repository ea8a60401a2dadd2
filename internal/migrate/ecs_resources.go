// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const (
	unitsPerCPU = 1024
	mib         = 1 << 20
	gib         = 1 << 30
	// leastMillis and leastMiB are for containers that the task leaves nothing for.
	leastMillis, leastMiB = 100, 128
	// fargateDiskGiB comes with a task on Fargate that does not say how much it needs.
	fargateDiskGiB = 20
)

// amount is a number with a unit, as the API takes it for a task: "256", ".5 vCPU", "1GB".
var amount = regexp.MustCompile(`^([0-9]*)(?:\.([0-9]{1,3}))?\s*([A-Za-z]*)$`)

// thousandths reads an amount: 1500 and "vcpu" for "1.5 vCPU".
func thousandths(text string) (n uint64, unit string, ok bool) {
	parts := amount.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil || parts[1]+parts[2] == "" || len(parts[1]) > 9 {
		return 0, "", false
	}
	n, err := strconv.ParseUint("0"+parts[1]+(parts[2] + "000")[:3], 10, 64)
	return n, strings.ToLower(parts[3]), err == nil
}

// cpuUnits reads the CPU of a task in 1024ths of a core.
func cpuUnits(text string) (uint64, bool) {
	n, unit, ok := thousandths(text)
	switch unit {
	case "":
		return n / 1000, ok && n%1000 == 0
	case "vcpu":
		return n * unitsPerCPU / 1000, ok
	default:
		return 0, false
	}
}

// memoryMiB reads the memory of a task in MiB.
func memoryMiB(text string) (uint64, bool) {
	n, unit, ok := thousandths(text)
	switch unit {
	case "", "mb", "mib":
		return n / 1000, ok && n%1000 == 0
	case "gb", "gib":
		return n * 1024 / 1000, ok
	default:
		return 0, false
	}
}

// wholeNumber reads a number without a fraction of at most nine digits, which a text may have as well.
func wholeNumber(text string) (uint64, bool) {
	n, unit, ok := thousandths(text)
	return n / 1000, ok && n%1000 == 0 && unit == ""
}

// number reads a number of a container into to.
func (t *tasker) number(c *container, path, key string, to *uint64) {
	n, ok := wholeNumber(c.text(key))
	if !ok {
		t.badly(path, "a whole number")
		return
	}
	*to = n
}

// What a container gets is reported by shareCPU and shareMemory, when all of them are known.

func (t *tasker) cpu(c *container, path string)    { t.number(c, path, "cpu", &c.cpuUnits) }
func (t *tasker) memory(c *container, path string) { t.number(c, path, "memory", &c.hardMiB) }
func (t *tasker) memoryReservation(c *container, path string) {
	t.number(c, path, "memoryReservation", &c.softMiB)
}

// ofTask is an amount of the whole task, from the option or from the input; 0 for none said.
func (t *tasker) ofTask(key, option, given string, read func(string) (uint64, bool), kind string) uint64 {
	path, text := t.task.at(key), t.task.text(key)
	said := t.task.has(key)
	if given != "" {
		n, ok := read(given)
		if !ok || n == 0 {
			t.report.impossible(path, fmt.Sprintf("the option %s has to be %s", option, kind), "write it as the API of ECS does")
		}
		if said {
			t.report.add(Changed, path, "the option "+option+" comes before it", "")
		}
		return n
	}
	if !said {
		return 0
	}
	n, ok := read(text)
	if !ok || n == 0 {
		t.badly(path, kind)
		return 0
	}
	return n
}

// kept are the containers that are not left out.
func (t *tasker) kept() []*container {
	var kept []*container
	for _, c := range t.containers {
		if !c.left {
			kept = append(kept, c)
		}
	}
	return kept
}

// shareCPU divides the CPU of the task. A container's own number is what it has for sure on ECS, and all that nobody
// else needs comes on top; on Akash it is all that it has. So what the task has beyond the sum goes to the containers
// that say nothing, in equal parts, or else to all in proportion.
func (t *tasker) shareCPU() {
	task := t.ofTask("cpu", "task_cpu", t.given.TaskCPU, cpuUnits, "an amount of CPU such as 256 or \"1 vCPU\"")
	kept := t.kept()
	var sum, silent uint64
	for _, c := range kept {
		sum += c.cpuUnits
		if c.cpuUnits == 0 {
			silent++
		}
	}
	var all uint64
	for _, c := range kept {
		own := c.cpuUnits
		millis := own * 1000 / unitsPerCPU
		switch {
		case task > sum && silent > 0 && own == 0:
			millis = (task - sum) * 1000 / unitsPerCPU / silent
		case task > sum && silent == 0:
			millis = task * own * 1000 / unitsPerCPU / sum
		case task > 0 && own == 0:
			millis = leastMillis
		case own == 0:
			t.nothing(c, "cpu") // the draft takes the default, and says so
			continue
		}
		c.cpuMillis = max(1, millis)
		all += c.cpuMillis
		t.cpuFinding(c, task)
	}
	if t.task.has("cpu") && t.given.TaskCPU == "" && task > 0 {
		t.taskFinding("cpu", all == task*1000/unitsPerCPU, cpuText(task*1000/unitsPerCPU), cpuText(all))
	}
}

// nothing reports a number that is zero.
func (t *tasker) nothing(c *container, key string) {
	if c.has(key) {
		t.report.add(Mapped, c.at(key), "it asks for nothing", "")
	}
}

// cpuFinding says what a container gets, where it says something about it.
func (t *tasker) cpuFinding(c *container, task uint64) {
	path := c.at("cpu")
	switch {
	case !c.has("cpu") || c.cpuUnits == 0:
		t.report.add(Changed, path, "it says nothing about CPU, and has "+cpuText(c.cpuMillis)+" of the task", "")
	case c.cpuMillis > max(1, c.cpuUnits*1000/unitsPerCPU):
		t.report.add(Changed, path, fmt.Sprintf("the container has its part of what the task has beyond the sum, too: %s",
			cpuText(c.cpuMillis)), "")
	case task == 0:
		t.report.add(Changed, path, fmt.Sprintf("it was the least, with the idle rest of the machine on top, and is the "+
			"most now: %s", cpuText(c.cpuMillis)), "ask for more if the software needs it, with the option task_cpu")
	default:
		t.report.add(Mapped, path, "CPU: "+cpuText(c.cpuMillis), "")
	}
}

// taskFinding says what became of an amount of the task.
func (t *tasker) taskFinding(key string, same bool, had, has string) {
	path := t.task.at(key)
	if same {
		t.report.add(Mapped, path, "the services have "+has+" together", "")
		return
	}
	t.report.add(Changed, path, fmt.Sprintf("the task has %s, and the services %s together", had, has),
		"what is asked for is paid for: give the containers what they need")
}

// shareMemory divides the memory of the task. A container's limit stays; what is beyond the limits goes to containers
// that have none, which have at least what they reserve.
func (t *tasker) shareMemory() {
	task := t.ofTask("memory", "task_memory", t.given.TaskMemory, memoryMiB, "an amount of memory such as 512 or \"1 GB\"")
	kept := t.kept()
	var limits, reserved, silent uint64
	for _, c := range kept {
		limits += c.hardMiB
		if c.hardMiB == 0 {
			silent++
			reserved += c.softMiB
		}
	}
	var rest uint64
	if task > limits+reserved && silent > 0 {
		rest = (task - limits - reserved) / silent
	}
	var all uint64
	for _, c := range kept {
		if c.hardMiB == 0 && c.softMiB == 0 && task == 0 {
			t.nothing(c, "memory") // the draft takes the default, and says so
			continue
		}
		amount := c.hardMiB
		if amount == 0 {
			amount = max(c.softMiB+rest, leastMiB)
		}
		c.memoryBytes = amount * mib
		all += amount
		t.memoryFinding(c, task)
	}
	if t.task.has("memory") && t.given.TaskMemory == "" && task > 0 {
		t.taskFinding("memory", all == task, sizeText(task*mib), sizeText(all*mib))
	}
}

func (t *tasker) memoryFinding(c *container, task uint64) {
	hard, soft, size := c.at("memory"), c.at("memoryReservation"), sizeText(c.memoryBytes)
	switch {
	case c.hardMiB > 0:
		t.report.add(Mapped, hard, "memory: "+size, "")
		if c.has("memoryReservation") {
			t.report.add(Mapped, soft, "the limit is rented as a whole, so all of it is there at any time", "")
		}
	case c.softMiB > 0 && task == 0:
		t.report.add(Changed, soft, "it was the least, with the idle rest of the machine on top, and is the most now: "+size,
			"say a limit with memory: a container that needs more is ended")
	case c.softMiB > 0 && c.memoryBytes == c.softMiB*mib:
		t.report.add(Mapped, soft, "memory: "+size, "")
	case c.softMiB > 0:
		t.report.add(Changed, soft, "the container has its part of what the task has beyond the sum, too: "+size, "")
	default:
		t.report.add(Changed, hard, "it says nothing about memory, and has "+size+" of the task", "")
	}
}

// shareDisk gives each container its part of the task's disk.
func (t *tasker) shareDisk() {
	kept := uint64(len(t.kept()))
	o, said := t.task.object("ephemeralStorage")
	if !said {
		for _, kind := range append(t.task.list("requiresCompatibilities"), t.task.list("compatibilities")...) {
			if scalar(kind) == "FARGATE" {
				t.report.once(Changed, t.task.at("ephemeralStorage"), fmt.Sprintf("a task on Fargate has a disk of %d GiB without "+
					"asking; each service has %s here", fargateDiskGiB, orDefault(t.options.EphemeralStorage,
					DefaultEphemeralStorage)), "ask for more with the option ephemeral_storage; the image does not count")
			}
		}
		return
	}
	t.known(o, "sizeInGiB")
	size, ok := wholeNumber(o.text("sizeInGiB"))
	if !ok || size == 0 {
		t.badly(o.at("sizeInGiB"), "a number of GiB")
		return
	}
	for _, c := range t.kept() {
		c.ephemeralBytes = size * gib / kept
		c.ephemeralBytes -= c.ephemeralBytes % mib
	}
	if kept == 1 {
		t.report.add(Mapped, o.path, "the disk of the container", "")
		return
	}
	t.report.add(Changed, o.path, "each service has its part of it", "")
}
