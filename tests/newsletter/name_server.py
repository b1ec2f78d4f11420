"""A name server on loopback, which knows what a test tells it (RFC 1035)."""

import socketserver
import struct
import threading
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

LARGEST_DATAGRAM = 512


class NameServer:
    """Answers by UDP, and by TCP what does not fit; `asked` keeps the names that were asked for."""

    def __init__(self, records: dict[tuple[str, str], list[str]], *, silent: set[str]) -> None:
        self.records = records
        self.silent = silent
        self.asked: list[str] = []
        self.port = 0

    def resolver(self) -> dns.resolver.Resolver:
        """Return a resolver that asks this server and no other."""
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], self.port
        return resolver

    def answer(self, wire: bytes, limit: int) -> bytes | None:
        """Return the answer to a question, or None where nothing is to be said."""
        question = dns.message.from_wire(wire)
        name, kind = question.question[0].name, question.question[0].rdtype
        host = name.to_text(omit_final_dot=True)
        self.asked.append(host)
        if "*" in self.silent or host in self.silent:
            return None
        reply = dns.message.make_response(question)
        found = self.records.get((host, dns.rdatatype.to_text(kind)), [])
        if found:
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *found))
        elif not any(known == host or known.endswith(f".{host}") for known, _kind in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        answer = reply.to_wire(max_size=65535)
        if len(answer) <= limit:
            return answer
        short = dns.message.make_response(question)
        short.flags |= dns.flags.TC
        return short.to_wire()


@contextmanager
def name_server(records: dict[tuple[str, str], list[str]], silent: set[str] = frozenset()):
    """Run a server that knows these records and says nothing of the silent names ("*": of any)."""
    known = NameServer(records, silent=silent)

    class OverUdp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, socket = self.request
            if answer := known.answer(data, LARGEST_DATAGRAM):
                socket.sendto(answer, self.client_address)

    class OverTcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            (length,) = struct.unpack("!H", self.rfile.read(2))
            if answer := known.answer(self.rfile.read(length), 65535):
                self.wfile.write(struct.pack("!H", len(answer)) + answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), OverTcp) as tcp:
        known.port = tcp.server_address[1]
        with socketserver.ThreadingUDPServer(tcp.server_address, OverUdp) as udp:
            servers = (tcp, udp)
            for server in servers:
                threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            try:
                yield known
            finally:
                for server in servers:
                    server.shutdown()
