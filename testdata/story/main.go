// Command story runs nine scripts at once against one server and prints how many connections they take.
//
// usage: DATABASE_URL=… ADMIN_URL=… story form limit folder
//
// The folder has the nine programs, built; the limit is that of their pools. The tables are locked until all nine have come, so each
// script stands with all of its connections in use, as if its statements took very long. What the command prints is committed as
// measured.txt.
package main

import (
	"bytes"
	"errors"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"example.com/poolvet/testdata/proof/measure"
)

// schema has the tables of the scripts.
var schema = []string{
	`create table if not exists orders (shop int, month int, cents int)`,
	`create table if not exists archive (shop int, month int, cents int)`,
	`create table if not exists carts (shop int, touched timestamptz)`,
	`create table if not exists customers (id int, mail text, region text)`,
	`create table if not exists invoices (shop int, customer int, cents int)`,
	`create table if not exists prices (supplier int, product int, cents int)`,
	`create table if not exists products (id int, name text, words text[])`,
	`create table if not exists stock (warehouse int, pieces int, booked int)`,
	`insert into products select id, 'product ' || id from generate_series(0, 59) id`,
	`grant all on all tables in schema public to public`,
}

const tables = "orders, archive, carts, customers, invoices, prices, products, stock in access exclusive mode"

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: DATABASE_URL=… ADMIN_URL=… story form limit folder")
	}
	form, folder := os.Args[1], os.Args[3]
	limit, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	programs, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(programs) == 0 {
		log.Fatal("no programs in ", folder, err)
	}
	lab := measure.Open(os.Getenv("DATABASE_URL"), os.Getenv("ADMIN_URL"))
	defer lab.Close()
	lab.Setup(schema...)
	unlock := lab.Lock(tables)
	scripts := start(lab, programs, limit)
	lab.Print("%s: %d scripts with pools of %d, max_connections %d", form, len(programs), limit,
		lab.Count("select setting::int from pg_settings where name = 'max_connections'"))
	lab.Print("  scripts at work: %d, their connections: %d", scripts.working(), lab.Activity().Sessions)
	unlock()
	lab.Await("the scripts have ended", func() bool { return scripts.working() == 0 })
	refused := scripts.refused()
	lab.Print("  scripts that fail with SQLSTATE %s: %d", measure.TooMany, refused)
	if refused == 0 { // else it is chance how many connections the last one gets before it fails
		lab.Print("  peak of connections, to the end: %d", lab.Peak())
	}
}

// start starts the scripts one after the other, each when all before it have failed or stand with all their connections in use.
func start(lab *measure.Lab, programs []string, limit int) (scripts scripts) {
	for _, program := range programs {
		s := &script{ended: make(chan error, 1)}
		s.cmd = exec.Command(program)
		s.cmd.Env = append(os.Environ(), "DATABASE_URL="+lab.DSN)
		s.cmd.Stderr = &s.log
		if err := s.cmd.Start(); err != nil {
			log.Panic(err)
		}
		go func() { s.ended <- s.cmd.Wait() }()
		scripts = append(scripts, s)
		lab.Await(program+" stands", func() bool {
			a := lab.Activity()
			return a.Locked == scripts.working()*limit && a.Sessions == a.Locked
		})
	}
	return scripts
}

// script is one of the nine.
type script struct {
	cmd   *exec.Cmd
	log   bytes.Buffer // to be read when the script has ended
	ended chan error
}

// done reports whether the script has ended.
func (s *script) done() bool {
	select {
	case err := <-s.ended:
		s.ended <- err
		return true
	default:
		return false
	}
}

type scripts []*script

func (all scripts) working() (n int) {
	for _, s := range all {
		if !s.done() {
			n++
		}
	}
	return n
}

// refused counts the scripts that the server had no connection for. Another failure ends the program.
func (all scripts) refused() (n int) {
	for _, s := range all {
		err := <-s.ended
		if err == nil {
			continue // it went well
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || !strings.Contains(s.log.String(), "SQLSTATE "+measure.TooMany) {
			log.Panicf("%s: %v\n%s", s.cmd.Path, err, s.log.String())
		}
		n++
	}
	return n
}
