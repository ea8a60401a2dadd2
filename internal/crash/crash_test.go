// SPDX-License-Identifier: Apache-2.0

//go:build linux

package crash_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// setting reads a number from the environment.
func setting(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, name)
	return n
}

// TestCrash kills CRASH_KILLS runs (20) at boundaries that CRASH_SEED chooses; the seed is printed. Every fourth of
// them is in the life that mints.
func TestCrash(t *testing.T) {
	t.Parallel()
	kills := setting(t, "CRASH_KILLS", 20)
	seed := setting(t, "CRASH_SEED", uint64(time.Now().UnixNano()))
	t.Logf("CRASH_SEED=%d CRASH_KILLS=%d", seed, kills)
	for l, part := range map[*life]uint64{&running: kills - kills/4, &minting: kills / 4} {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			crash(t, l, seed, part)
		})
	}
}

// crash kills runs of a life until there were so many.
func crash(t *testing.T, l *life, seed, kills uint64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	s := newStage(t, l)
	boundaries := make(map[string]map[point]int)
	for _, step := range l.steps {
		s.write(t, step.wish)
		s.trap.set(point{}, 0, nil)
		s.workspace.MustRun(t, "apply", "-auto-approve")
		boundaries[step.name] = s.trap.counts()
		s.check(t, step.wish)
	}
	killed := make(map[string]int)
	for done := uint64(0); done < kills; {
		for _, step := range l.steps {
			for {
				s.write(t, step.wish)
				sprung := s.killedRun(t, random, step, boundaries[step.name])
				if sprung {
					done++
					killed[step.name]++
				}
				if random.IntN(10) > 0 { // else the next run has to wait until a lost transaction can land no more
					require.NoError(t, s.Inside.AdvanceClock(t.Context(), 2*time.Minute))
				}
				if !sprung || random.IntN(3) > 0 {
					break // else the run that mends is killed as well
				}
			}
			s.mend(t, step)
		}
	}
	t.Logf("killed %d runs: %v", sum(killed), killed)
}

// killedRun applies a step and kills it at some boundary. It reports whether the run was killed before its end.
func (s *stage) killedRun(t *testing.T, random *rand.Rand, step step, boundaries map[point]int) bool {
	t.Helper()
	at := pick(random, sortedPoints(boundaries))
	skip := random.IntN(boundaries[at])
	who := pick(random, []target{wholeRun, wholeRun, wholeRun, pluginOnly, pluginOnly, cliOnly})
	s.trap.set(at, skip, func() { s.victim.kill(who) })
	out, err := s.victim.run(t, s.workspace, "apply", "-auto-approve")
	sprung := s.trap.disarm()
	t.Logf("%s: %s dies %s %s no. %d: %t", step.name, who, at.when, at.request, skip+1, sprung)
	if !sprung {
		require.NoError(t, err, "nothing was killed, and %s failed\n%s", step.name, out)
	}
	return sprung
}

// mend runs the step to its end and looks at the chain.
func (s *stage) mend(t *testing.T, step step) {
	t.Helper()
	s.trap.set(point{}, 0, nil)
	s.workspace.MustRun(t, "apply", "-auto-approve")
	s.check(t, step.wish)
	require.Contains(t, s.workspace.MustRun(t, "plan", "-detailed-exitcode"), "No changes")
}

func pick[T any](random *rand.Rand, all []T) T { return all[random.IntN(len(all))] }

func sum(counts map[string]int) int {
	total := 0
	for _, n := range slices.Collect(maps.Values(counts)) {
		total += n
	}
	return total
}
