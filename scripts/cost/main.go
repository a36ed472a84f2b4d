// Command cost measures programs that analyze Go packages: CPU time (user and system, children included) and the peak memory
// of the largest process. The programs take turns, so that a busy machine is busy for all of them; what is printed is the
// median of the runs and its ratio to the first program, the load floor. A first run of each, which fills the build cache, does
// not count. With -cold each run has an empty build cache instead.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

var (
	bin   = flag.String("bin", "", "`directory` with the programs")
	runs  = flag.Int("n", 5, "`number` of runs")
	tests = flag.Bool("tests", false, "analyze test files too")
	vet   = flag.Bool("vet", false, "measure go vet, by itself and with poolvet, too")
	cold  = flag.Bool("cold", false, "empty the build cache before each run")
)

func main() {
	flag.Parse()
	if *bin == "" || *runs < 1 || flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: scripts/cost/run [-n runs] [-tests] [-vet] [-cold] dir...")
		os.Exit(2)
	}
	for _, dir := range flag.Args() {
		if err := measure(dir); err != nil {
			fmt.Fprintf(os.Stderr, "cost: %s: %v\n", dir, err)
			os.Exit(1)
		}
	}
}

// program is something to measure.
type program struct {
	name string
	args []string
	ok   []int // the exit statuses of a run that went well
	cpu  []time.Duration
	peak []int64 // bytes
}

func programs() []*program {
	path := func(name string) string { return filepath.Join(*bin, name) }
	withTests := fmt.Sprintf("-test=%t", *tests)
	all := []*program{
		{name: "no-op (load floor)", args: []string{path("noop"), withTests, "./..."}, ok: []int{0}},
		{name: "poolvet", args: []string{path("poolvet"), fmt.Sprintf("-tests=%t", *tests), "./..."}, ok: []int{0, 1}},
		{name: "sqlclosecheck", args: []string{path("sqlclosecheck"), withTests, "./..."}, ok: []int{0, 3}},
	}
	if *vet {
		all = append(all,
			&program{name: "go vet", args: []string{"go", "vet", "./..."}, ok: []int{0, 1}},
			&program{name: "go vet with poolvet", args: []string{"go", "vet", "-vettool=" + path("poolvet"), "./..."}, ok: []int{0, 1}},
		)
	}
	return all
}

func measure(dir string) error {
	packages, err := list(dir, "./...")
	if err != nil {
		return err
	}
	closure, err := list(dir, "-deps", "./...")
	if err != nil {
		return err
	}
	all := programs()
	for round := range *runs + 1 {
		if round == 0 && *cold {
			continue // nothing to fill
		}
		for _, p := range all {
			if err := p.run(dir, round > 0); err != nil {
				return err
			}
		}
	}
	state := "warm"
	if *cold {
		state = "empty"
	}
	fmt.Printf("%s: %d packages, %d dependencies; %s build cache, median of %d\n", filepath.Base(dir), packages, closure-packages, state, *runs)
	fmt.Printf("%-22s %8s %7s %9s %7s\n", "", "CPU s", "ratio", "peak MiB", "ratio")
	floor := all[0]
	for _, p := range all {
		cpu, peak := median(p.cpu), median(p.peak)
		fmt.Printf("%-22s %8.2f %7.2f %9d %7.2f\n", p.name, cpu.Seconds(), cpu.Seconds()/median(floor.cpu).Seconds(),
			peak>>20, float64(peak)/float64(median(floor.peak)))
	}
	fmt.Println()
	return nil
}

// list returns how many packages go list finds.
func list(dir string, args ...string) (int, error) {
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	return strings.Count(string(out), "\n"), err
}

// run runs the program once, in dir.
func (p *program) run(dir string, counts bool) error {
	cmd := exec.Command(p.args[0], p.args[1:]...)
	cmd.Dir = dir
	cmd.Env = os.Environ()
	if *cold {
		cache, err := os.MkdirTemp("", "cost")
		if err != nil {
			return err
		}
		defer os.RemoveAll(cache)
		cmd.Env = append(cmd.Env, "GOCACHE="+cache)
	}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		return err
	}
	if !slices.Contains(p.ok, cmd.ProcessState.ExitCode()) {
		return fmt.Errorf("%s: %w\n%s", p.name, err, out)
	}
	if counts {
		usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		p.cpu = append(p.cpu, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
		p.peak = append(p.peak, usage.Maxrss<<10) // of Linux, in KiB
	}
	return nil
}

func median[T cmp.Ordered](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
