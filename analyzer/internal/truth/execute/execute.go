// Package execute builds generated functions into a program and runs them.
package execute

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/truth/program"
)

// Result is what a function has done, as package run of the programs writes it.
type Result struct {
	Name                                          string
	Runs                                          int
	Capped                                        bool // not all inputs were tried
	Takes, Asks, Ended, Leaks, Dirty, Waits, Lost []Site
	Blocks, Stuck, Panic, Fault                   string
}

// Hangs is the fault of a function that does not return.
const Hangs = "does not return"

// Site is a call, and an input under which it does that.
type Site struct {
	Lines []int // of the call, and of the calls in the file that led to it
	Input string

	Spawned bool // it stands in another goroutine
}

// Options says how many inputs are tried.
type Options struct {
	Deep int // how many things can go wrong in one run
	Runs int // of one function at most

	Server string // the connection string of a real server to use instead of the one in memory

	Only []string // the functions that are run; all if empty
}

// A Batch is a module with generated functions.
type Batch struct {
	Dir   string
	Funcs []*program.Function
	built bool
}

const (
	module  = "example.com/poolvet/testdata" // its go.mod is that of the programs under analysis
	perPack = 100                            // functions of a package
)

// Write writes functions as a module into a folder of the test. Their names must differ. The other folder is the module of the
// programs under analysis, of which it takes the versions of the libraries and the code that runs the functions.
func Write(t testing.TB, testdata string, funcs []*program.Function) *Batch {
	t.Helper()
	b := &Batch{Dir: t.TempDir(), Funcs: funcs}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(testdata, name))
		if err != nil {
			t.Fatal(err)
		}
		b.write(t, name, text)
	}
	if err := os.CopyFS(filepath.Join(b.Dir, "generated"), os.DirFS(filepath.Join(testdata, "generated"))); err != nil {
		t.Fatal(err)
	}
	var imports, cases bytes.Buffer
	for i, f := range funcs {
		pkg := fmt.Sprintf("p%03d", i/perPack)
		if i%perPack == 0 {
			b.write(t, "batch/"+pkg+"/shared.go", []byte(program.Shared(pkg)))
			fmt.Fprintf(&imports, "\t%q\n", module+"/batch/"+pkg)
		}
		source, err := f.Source(pkg)
		if err != nil {
			t.Fatal(err)
		}
		b.write(t, "batch/"+pkg+"/"+strings.ToLower(f.Name)+".go", source)
		field := "PGX"
		if f.Library == program.SQL {
			field = "SQL"
		}
		fmt.Fprintf(&cases, "\t{Name: %q, Uses: %q, Concurrent: %t, Cancels: %t, %s: %s.%s},\n",
			f.Name, f.Uses(), f.Concurrent(), f.Has(program.Cancel), field, pkg, f.Name)
	}
	b.write(t, "batch/batch_test.go", fmt.Appendf(nil, batchTest, imports.String(), cases.String()))
	return b
}

const batchTest = `package batch

import (
	"os"
	"strconv"
	"strings"
	"testing"

%s	"example.com/poolvet/testdata/generated/run"
)

func TestBatch(t *testing.T) {
	deep, _ := strconv.Atoi(os.Getenv("DEEP"))
	runs, _ := strconv.Atoi(os.Getenv("RUNS"))
	run.Main(t, cases, run.Options{
		Out: os.Getenv("RESULTS"), Deep: deep, Runs: runs, Server: os.Getenv("SERVER"), Skip: strings.Fields(os.Getenv("SKIP")),
		Only: strings.Fields(os.Getenv("ONLY")),
	})
}

var cases = []run.Case{
%s}
`

// write writes a file of the module.
func (b *Batch) write(t testing.TB, name string, text []byte) {
	t.Helper()
	file := filepath.Join(b.Dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// Env is the environment in which the go command works on a batch: with what the build of poolvet has brought, and nothing else.
func Env() []string { return append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod") }

// Run builds the batch, if it is not built yet, and runs it. The results are in the order of the functions. One that ends the process
// has a fault.
func (b *Batch) Run(t testing.TB, o Options) []Result {
	t.Helper()
	binary, file := filepath.Join(b.Dir, "batch.test"), filepath.Join(b.Dir, "results")
	if !b.built {
		build := exec.Command("go", "test", "-c", "-vet=off", "-o", binary, "./batch")
		build.Dir, build.Env = b.Dir, Env()
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", build, err, out)
		}
		b.built = true
	}
	env := append(os.Environ(), "RESULTS="+file, fmt.Sprintf("DEEP=%d", o.Deep), fmt.Sprintf("RUNS=%d", o.Runs), "SERVER="+o.Server,
		"ONLY="+strings.Join(o.Only, " "))
	for skip := []string{}; ; {
		run := exec.Command(binary, "-test.timeout=0")
		run.Dir, run.Env = b.Dir, slices.Concat(env, []string{"SKIP=" + strings.Join(skip, " ")})
		out, err := run.CombinedOutput()
		if err == nil {
			return b.read(t, file)
		}
		crashed := inGoroutine.FindSubmatch(out)
		if crashed == nil || slices.Contains(skip, string(crashed[1])) {
			t.Fatalf("the generated functions: %v\n%s", err, head(out))
		}
		skip = append(skip, string(crashed[1]))
	}
}

// inGoroutine finds the function whose goroutine has panicked, which ends the process.
var inGoroutine = regexp.MustCompile(`/batch/p\d+\.(F\d+)\.func`)

// head is the first lines of an output.
func head(out []byte) []byte { return out[:min(len(out), 4000)] }

// read reads the results.
func (b *Batch) read(t testing.TB, file string) []Result {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var results []Result
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var r Result
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
	}
	if err := lines.Err(); err != nil || len(results) != len(b.Funcs) {
		t.Fatalf("%d results of %d functions, %v", len(results), len(b.Funcs), err)
	}
	return results
}
