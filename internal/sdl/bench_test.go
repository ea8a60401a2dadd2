// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// corpus is every SDL of the largest corpora there are.
func corpus(b *testing.B) (files [][]byte, bytes int64) {
	b.Helper()
	dirs := corpora(b)
	if len(dirs) > 1 {
		dirs = dirs[1:]
	}
	for _, dir := range dirs {
		for _, file := range goldenFiles(b, dir) {
			src, err := os.ReadFile(file)
			require.NoError(b, err)
			files, bytes = append(files, src), bytes+int64(len(src))
		}
	}
	return files, bytes
}

// BenchmarkParse reads the whole corpus once an iteration.
func BenchmarkParse(b *testing.B) {
	files, bytes := corpus(b)
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range files {
			sdl.Parse(src)
		}
	}
	b.ReportMetric(float64(len(files)*b.N)/b.Elapsed().Seconds(), "files/s")
}

// BenchmarkBareYAML decodes the same files into generic values: the yardstick of [BenchmarkParse].
func BenchmarkBareYAML(b *testing.B) {
	files, bytes := corpus(b)
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range files {
			var value any
			_ = yaml.Unmarshal(src, &value)
		}
	}
	b.ReportMetric(float64(len(files)*b.N)/b.Elapsed().Seconds(), "files/s")
}

// BenchmarkBesideYAML reads each file both ways by turns, so that what else the machine does hits both, and tells how
// much longer an SDL takes than bare YAML. One is no slower; the goal is two.
func BenchmarkBesideYAML(b *testing.B) {
	files, _ := corpus(b)
	var ours, bare time.Duration
	for b.Loop() {
		for _, src := range files {
			start := time.Now()
			sdl.Parse(src)
			middle := time.Now()
			var value any
			_ = yaml.Unmarshal(src, &value)
			ours, bare = ours+middle.Sub(start), bare+time.Since(middle)
		}
	}
	read := float64(len(files) * b.N)
	b.ReportMetric(read/ours.Seconds(), "SDLs/s")
	b.ReportMetric(read/bare.Seconds(), "YAMLs/s")
	b.ReportMetric(ours.Seconds()/bare.Seconds(), "x-of-YAML")
	b.ReportMetric(0, "ns/op")
}
