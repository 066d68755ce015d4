/* The cheapest program a gateway can start: what is measured is the gateway and the kernel. */
#include <stdio.h>

int main(void) {
  fputs("Content-Type: text/plain\r\n\r\nhello from C\n", stdout);
  return 0;
}
