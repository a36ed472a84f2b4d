package initial

import (
	"embed"
	"strings"
)

//go:embed snippets
var files embed.FS

// snippet is what goes into a file of another tool, as docs/integrations.md has it.
type snippet struct {
	file  string // below snippets
	title string
}

var snippets = []snippet{
	{"vet.sh", "go vet, with the settings of .poolvet.yml"},
	{"custom-gcl.yml", ".custom-gcl.yml, for golangci-lint custom"},
	{"golangci.yml", ".golangci.yml; golangci-lint does not read .poolvet.yml: settings has the same keys"},
	{"pre-commit.yml", ".pre-commit-config.yaml"},
	{"lefthook.yml", "lefthook.yml"},
}

// Snippets returns what goes into the files of other tools to have them run poolvet.
func Snippets() string {
	var b strings.Builder
	for i, s := range snippets {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString("# " + s.title + "\n" + s.text())
	}
	return b.String()
}

func (s snippet) text() string {
	text, err := files.ReadFile("snippets/" + s.file)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(text)
}
