# Two images of one bundle. `controller` has nothing in it but Node, the bundle and the certificate authorities that
# Node trusts; `loadtester` has what tests are written with besides. `npm run image` builds both, reproducibly and with
# their SBOMs; by hand: docker build --target controller .
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim

# Node for the image's processor; nothing of it is run
FROM ${NODE_IMAGE} AS node

# kubectl and helm: Debian has none that are current, so they come from a folder of yours, for the image's processor,
# given by --build-context tools=FOLDER
FROM scratch AS tools

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY scripts ./scripts
COPY lib ./lib
RUN --mount=type=bind,from=node,source=/,target=/node \
    mkdir -p /parts/sbom \
 && node scripts/bundle.mjs /parts/image/app/perch.js bundle.json \
 && node scripts/image/runtime.mjs /node /parts/image > files.txt \
 && node scripts/image/npmComponents.mjs bundle.json > /parts/sbom/npm.json \
 && cp scripts/image/sbom.mjs /parts/sbom/ \
 && node scripts/image/sbom.mjs controller /node /parts/sbom/npm.json --files files.txt > /parts/image/sbom.cdx.json

# what both images are made of; those who build both with buildah build this once and give it as --build-context
FROM scratch AS parts
COPY --from=build /parts /

# what tests are written with: this is run, emulated where the processor is another one
FROM ${NODE_IMAGE} AS testers
# the last lines take away what differs from one installation to the next, and npm
RUN --mount=type=bind,from=parts,source=/sbom,target=/sbom \
    --mount=type=bind,from=tools,source=/,target=/tools \
    apt-get update \
 && apt-get install -y --no-install-recommends bash ca-certificates curl hey tini \
 && node /sbom/sbom.mjs loadtester / /sbom/npm.json --tools /tools > /sbom.cdx.json \
 && rm -rf /var/lib/apt/lists /var/cache/* /var/log/* /var/lib/dpkg/*-old /etc/machine-id /tmp/* /root/.[a-z]* \
           /usr/local/lib/node_modules /usr/local/bin/np[mx] /usr/local/bin/yarn* /usr/local/bin/corepack /opt/yarn*

FROM scratch AS loadtester
ARG REVISION=unknown CREATED=1970-01-01T00:00:00Z VERSION=0.0.0
LABEL org.opencontainers.image.title="perch-loadtester" \
      org.opencontainers.image.description="Runs the acceptance and load tests of perch's canaries" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=testers / /
COPY --from=tools / /usr/local/bin/
COPY --from=parts /image/app /app
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_ENV=production HOME=/tmp
USER 10001:10001
WORKDIR /tmp
# tini reaps what a killed command leaves behind
ENTRYPOINT ["tini", "--", "node", "/app/perch.js"]
CMD ["loadtester", "--help"]

# last, and so what a build without --target makes
FROM scratch AS controller
ARG REVISION=unknown CREATED=1970-01-01T00:00:00Z VERSION=0.0.0
LABEL org.opencontainers.image.title="perch-controller" \
      org.opencontainers.image.description="Progressive delivery for Kubernetes: the controller" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=parts /image /
# the authorities stand where others have them too, and may be mounted over
ENV PATH=/usr/local/bin NODE_ENV=production SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt HOME=/
# a number, so that runAsNonRoot can be checked; nothing is ever written
USER 10001:10001
WORKDIR /app
ENTRYPOINT ["/usr/local/bin/node", "--use-openssl-ca", "/app/perch.js"]
CMD ["controller", "--help"]
