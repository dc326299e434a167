/** Packages that every host of such a lab has: Docker Engine, Compose, and Go for what stands in for images that cannot be pulled. */
export const containerPackages = ['docker.io', 'docker-compose', 'golang-go'];
