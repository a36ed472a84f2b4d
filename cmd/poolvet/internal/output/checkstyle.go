package output

import (
	"encoding/xml"
	"io"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// checkstyleReport is the XML of Checkstyle 4.3, which many programs read.
type checkstyleReport struct {
	XMLName xml.Name          `xml:"checkstyle"`
	Version string            `xml:"version,attr"`
	Files   []*checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr"`
	Column   int    `xml:"column,attr"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

// checkstyle writes the findings as Checkstyle does.
func checkstyle(w io.Writer, r *Report) error {
	out := checkstyleReport{Version: "4.3"}
	for _, f := range finding.Reported(r.Findings) {
		name := Relative(r.Dir, f.Pos.Filename)
		if n := len(out.Files); n == 0 || out.Files[n-1].Name != name { // the findings are in the order of their files
			out.Files = append(out.Files, &checkstyleFile{Name: name})
		}
		severity := f.Diagnostic.Category
		if severity != "error" && severity != "warning" {
			severity = "info"
		}
		file := out.Files[len(out.Files)-1]
		file.Errors = append(file.Errors, checkstyleError{
			Line: f.Pos.Line, Column: f.Pos.Column, Severity: severity,
			Message: f.Diagnostic.Message, Source: "poolvet." + f.Rule.Name,
		})
	}
	data, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(data)+"\n")
	return err
}
