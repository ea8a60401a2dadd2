// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// GPUDevice is a GPU that Akash providers can report: the names they take for models come from a list that the network
// keeps (provider-configs, devices/pcie/gpus.json, commit 2d04f4f of 2026-06-16).
type GPUDevice struct {
	// Model is in lower case, e.g. "rtx4090".
	Model string
	// GiB is its memory.
	GiB uint64
	// Interface is "pcie" or "sxm".
	Interface string
}

// gpuDevices are the list's models of NVIDIA, each with its sizes in GiB by interface. Others cannot be asked for: the
// network's SDL knows no vendor but NVIDIA.
const gpuDevices = `
a100 pcie:40,80 sxm:40,64,80
a40 pcie:48
a5000 pcie:24
a800 sxm:80
gt1030 pcie:2
gtx1050 pcie:2,3
gtx1050ti pcie:4
gtx1060 pcie:3,5,6
gtx1070 pcie:8
gtx1070ti pcie:8
gtx1080 pcie:8
gtx1080ti pcie:11
gtx1650s pcie:4
gtx1650ti pcie:4
gtx1660 pcie:6
gtx1660ti pcie:6
gtx960 pcie:2,4
gtx970 pcie:4
gtx980 pcie:4
gtx980ti pcie:6
h100 pcie:80 sxm:80
h200 sxm:141
h200nvl pcie:141
m4000 pcie:8
mx150 pcie:2
p100 pcie:16
p2000 pcie:4,5
p4 pcie:8
p40 pcie:24
p4000 pcie:8
p5000 pcie:16
p6000 pcie:24
pro6000mq pcie:96
pro6000se pcie:96
pro6000we pcie:96
rtx2000eada pcie:16
rtx2060 pcie:6
rtx2060s pcie:8
rtx2070 pcie:8
rtx2070s pcie:8
rtx2080 pcie:8
rtx2080s pcie:8
rtx2080ti pcie:11
rtx3060 pcie:12
rtx3060m pcie:6
rtx3060ti pcie:8
rtx3070 pcie:8
rtx3080 pcie:10
rtx3090 pcie:24
rtx3090ti pcie:24
rtx4000 pcie:8
rtx4000ada pcie:20
rtx4000sada pcie:20
rtx4060 pcie:8
rtx4060ti pcie:16
rtx4070 pcie:12
rtx4070s pcie:12
rtx4070ti pcie:12
rtx4080 pcie:16
rtx4080s pcie:16
rtx4090 pcie:24
rtx5000 pcie:16
rtx5070 pcie:12
rtx5080 pcie:16
rtx5090 pcie:32
rtx5090m pcie:24
rtx6000 pcie:24
rtx8000 pcie:48
rtxa2000 pcie:6
rtxa6000 pcie:48
t4 pcie:16
v100 pcie:32 sxm:16,32
`

// GPUDevices lists the devices, by model, memory and interface. The caller owns the slice.
func GPUDevices() []GPUDevice { return slices.Clone(parsedGPUDevices()) }

var parsedGPUDevices = sync.OnceValue(mustReadGPUDevices)

// mustReadGPUDevices reads the constant, which a test does too.
func mustReadGPUDevices() []GPUDevice {
	var devices []GPUDevice
	for line := range strings.Lines(strings.TrimSpace(gpuDevices)) {
		words := strings.Fields(line)
		for _, word := range words[1:] {
			face, sizes, _ := strings.Cut(word, ":")
			for size := range strings.SplitSeq(sizes, ",") {
				gib, err := strconv.ParseUint(size, 10, 64)
				if err != nil {
					panic("the list of GPUs: " + line)
				}
				devices = append(devices, GPUDevice{Model: words[0], GiB: gib, Interface: face})
			}
		}
	}
	slices.SortFunc(devices, func(a, b GPUDevice) int {
		return cmp.Or(cmp.Compare(a.Model, b.Model), cmp.Compare(a.GiB, b.GiB), cmp.Compare(a.Interface, b.Interface))
	})
	return devices
}

// String is the device as its attribute key ends: "a100/80Gi/sxm".
func (d GPUDevice) String() string { return fmt.Sprintf("%s/%dGi/%s", d.Model, d.GiB, d.Interface) }

// KnownGPU reports whether the list has a device of the model, with so much memory and that interface; "" and 0 are
// any.
func KnownGPU(model string, gib uint64, face string) bool {
	return slices.ContainsFunc(parsedGPUDevices(), func(d GPUDevice) bool {
		return (model == "" || d.Model == model) && (gib == 0 || d.GiB == gib) && (face == "" || d.Interface == face)
	})
}

// NearGPUs names up to three models of the list that somebody who wrote name may have meant, the nearest first; those
// of the same model when name is one.
func NearGPUs(name string) []string {
	plain := plainGPU(name)
	if plain == "" {
		return nil
	}
	distances := map[string]int{}
	var near []string
	for _, d := range parsedGPUDevices() {
		if _, seen := distances[d.Model]; seen {
			continue
		}
		distances[d.Model] = editDistance(plain, d.Model, len(plain)+len(d.Model))
		if strings.Contains(d.Model, plain) || strings.Contains(plain, d.Model) {
			distances[d.Model] = min(distances[d.Model], 1)
		}
		if distances[d.Model] <= min(2, max(len(plain)-2, 1)) {
			near = append(near, d.Model)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(distances[a], distances[b]) })
	return near[:min(len(near), 3)]
}

// plainGPU takes away what vendors and shops put around a model: "NVIDIA GeForce RTX 4090" is rtx4090.
func plainGPU(name string) string {
	name = strings.ToLower(name)
	for _, noise := range []string{"nvidia", "geforce", "tesla", "quadro"} {
		name = strings.ReplaceAll(name, noise, "")
	}
	return strings.Map(func(r rune) rune {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, name)
}
