// Command poolvet reports where a Go program can exhaust its database connection pool.
//
// Usage:
//
//	poolvet [flags] [packages]              by default ./...
//	go vet -vettool=$(which poolvet) [packages]
//	poolvet -fix [-diff] [packages]         apply the safe fixes, or print them
//	poolvet init                            write a .poolvet.yml that fits the module
//	poolvet help [rule]
//
// The settings come from .poolvet.yml beside go.mod, or from the file that POOLVET_CONFIG names, and from flags, which win.
// A finding is a line on standard output, path:line:column: message (rule); with -json it is all one object, as of go vet
// -json. What else there is to say, and how much of the program was understood, is on standard error.
//
// # Exit status
//
//	0  nothing found, or -json
//	1  findings
//	2  the arguments or the configuration are wrong
//	3  a package does not type-check, or could not be loaded; the others are reported all the same
//
// Under go vet it is that of go vet. With -fix it is 0, or 1 if a fix could not be applied.
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
