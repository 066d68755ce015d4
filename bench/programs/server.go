// The Go peer: the standard library's web server, file server and CGI gateway, with nothing added.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/cgi"
	"os"
	"path/filepath"
)

func main() {
	site := os.Args[1]
	programs := filepath.Join(site, "cgi-bin")

	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(site)))
	mux.HandleFunc("/cgi-bin/", func(w http.ResponseWriter, r *http.Request) {
		name := filepath.Base(r.URL.Path)
		handler := cgi.Handler{Path: filepath.Join(programs, name), Root: "/cgi-bin/" + name, Dir: programs}
		handler.ServeHTTP(w, r)
	})

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s/\n", listener.Addr())
	log.Fatal(http.Serve(listener, mux))
}
