// Command poolvet reports where a Go program can exhaust its database connection pool.
//
// Usage:
//
//	poolvet [flags] [packages]              report findings, by default in ./...
//	poolvet -diff | -fix [packages]         print the safe fixes as a patch, or apply them
//	poolvet baseline [packages]             write .poolvet-baseline.yml: report only what is new from now on
//	poolvet init                            write a .poolvet.yml that fits the module
//	poolvet rules | explain rule            list the rules, or explain one
//	poolvet help | completion shell         help, and completion of commands and flags in a shell
//	go vet -vettool=$(which poolvet) [packages]
//
// The settings come from .poolvet.yml beside go.mod, or from the file that POOLVET_CONFIG names, and from flags, which win.
// Findings are on standard output, in the form that -format names. What else there is to say, and how much of the program was
// understood, is on standard error.
//
// # Exit status
//
//	0  nothing found that is not silenced or in the baseline; or -json
//	1  findings; with -diff, fixes
//	2  the arguments, the configuration or the baseline are wrong, or a file cannot be written
//	3  a package does not type-check or could not be loaded; the others are reported all the same
//
// Under go vet it is that of go vet.
package main

import (
	"os"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/command"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/vettool"
)

func main() {
	args := os.Args[1:]
	if vettool.Asked(args) {
		vettool.Main(args)
	}
	os.Exit(command.Run(args, os.Stdout, os.Stderr))
}
