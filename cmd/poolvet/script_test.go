package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the files that scripts compare with instead of comparing")

// TestMain lets scripts and tests run the command, and go vet with it, as programs.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"poolvet":        main,
		"go-vet-poolvet": func() { goCommand("vet", "-vettool=") },
		"go-fix-poolvet": func() { goCommand("fix", "-fixtool=") },
	})
}

// goCommand runs go vet or go fix with poolvet for its tool and the arguments that follow.
func goCommand(name, flag string) {
	tool, err := exec.LookPath("poolvet")
	if err != nil {
		panic(err)
	}
	cmd := exec.Command("go", append([]string{name, flag + tool}, os.Args[1:]...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if cmd.Run() != nil {
		os.Exit(1)
	}
}

// TestScripts runs the scripts of testdata/scripts. Their programs import the standard library only.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("..", "..", "testdata", "scripts"),
		Setup:         environment,
		Cmds:          map[string]func(ts *testscript.TestScript, neg bool, args []string){"status": status, "portable": portable},
		UpdateScripts: *update,
	})
}

// environment gives a script the build cache of the user, no network, and the folder of this module.
func environment(env *testscript.Env) error {
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			return err
		}
		env.Setenv(name, strings.TrimSpace(string(out)))
	}
	checkout, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return err
	}
	env.Setenv("CHECKOUT", checkout)
	env.Setenv("GOPROXY", "off")
	env.Setenv("GOTOOLCHAIN", "local")
	env.Setenv("GOFLAGS", "")
	env.Setenv("GOWORK", "")
	env.Setenv("POOLVET_CONFIG", "")
	return nil
}

// status is the script command "status N program arguments": like exec, but the exit status must be N.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N program arguments")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(*exec.ExitError)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// What of an output is different elsewhere: the versions, and the documentation of the rules, which has tests of its own.
var (
	versions = regexp.MustCompile(`(?m)^ {10}"(version|semanticVersion)": .*\n`)
	helps    = regexp.MustCompile(`(?s)"(help|fullDescription)": \{.*?\n *\}`)
)

// portable is the script command "portable file": it writes the last standard output to the file, without what is different
// on another machine or at another time.
func portable(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: portable file")
	}
	text := strings.ReplaceAll(ts.ReadFile("stdout"), filepath.ToSlash(ts.Getenv("WORK")), "/WORK")
	text = helps.ReplaceAllString(versions.ReplaceAllString(text, ""), `"$1": {}`)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}
