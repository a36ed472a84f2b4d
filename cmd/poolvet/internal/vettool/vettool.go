// Package vettool makes the command speak the protocol of go vet -vettool.
package vettool

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/config"
	"golang.org/x/tools/go/analysis/unitchecker"
)

// Asked reports whether the arguments come from go vet.
func Asked(args []string) bool {
	if len(args) == 0 {
		return false
	}
	last := args[len(args)-1]
	return strings.HasPrefix(args[0], "-V=") || args[0] == "-flags" || strings.HasSuffix(last, ".cfg")
}

// Main answers go vet and exits: 0 for no findings, 1 for findings or a package that does not type-check, 2 for a
// configuration that cannot be used.
func Main(args []string) {
	var o analyzer.Options
	if args[0] != "-flags" { // go vet would hide what is wrong with the settings; it asks for the version next
		var err error
		if o, err = options(args[len(args)-1]); err != nil {
			fail(err)
		}
	}
	rules, err := analyzer.New(o)
	if err != nil {
		fail(err)
	}
	flag.Var(version{}, "V", "print version and exit") // unitchecker leaves out its own
	unitchecker.Main(rules...)
}

// fail prints err and exits.
func fail(err error) {
	fmt.Fprintf(os.Stderr, "poolvet: %v\n", err)
	os.Exit(2)
}

// options returns the settings for the unit that unitFile describes; if it is no unit, those that hold in the working
// directory. What another module has beside its go.mod is not the user's: there the defaults hold.
func options(unitFile string) (analyzer.Options, error) {
	if strings.HasSuffix(unitFile, ".cfg") {
		data, err := os.ReadFile(unitFile)
		if err != nil {
			return analyzer.Options{}, err
		}
		var unit unitchecker.Config
		if err := json.Unmarshal(data, &unit); err != nil {
			return analyzer.Options{}, fmt.Errorf("%s: %w", unitFile, err)
		}
		standard := unit.ModulePath == "" && unit.VetxOnly
		if unit.ModuleVersion != "" || standard {
			return analyzer.Options{}, nil
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		return analyzer.Options{}, err
	}
	return config.LoadPackage(dir)
}

// version answers -V=full with a line that changes with the program and with the settings: go vet takes it for the key of
// its cache.
type version struct{}

func (version) IsBoolFlag() bool { return true }
func (version) String() string   { return "" }

func (version) Set(string) error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	settings, err := config.Hash(dir)
	if err != nil {
		return err
	}
	program, err := programHash()
	if err != nil {
		return err
	}
	key := sha256.Sum256([]byte(program + settings))
	// The go command reads "devel" as a promise that the last field alone is the key.
	fmt.Printf("poolvet version devel settings=%s buildID=%x\n", settings, key)
	os.Exit(0)
	return nil
}

// programHash identifies the executable.
func programHash() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return string(hash.Sum(nil)), nil
}
